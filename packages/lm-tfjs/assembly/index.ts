export { attentionBackward, attentionForward } from "./attention";
export { rotate } from "./rotary";
export { rowProduct } from "./row-product";
export { swiglu, swigluGradient } from "./swiglu";
export { transposedProduct } from "./transposed-product";
