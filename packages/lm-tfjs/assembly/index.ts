export { attentionBackward, attentionForward } from "./attention";
export { rotate } from "./rotary";
export { swiglu, swigluGradient } from "./swiglu";
export { transposedProduct } from "./transposed-product";
