export { attentionBackward, attentionForward } from "./attention";
export { crossEntropy } from "./cross-entropy";
export { dropEntries } from "./dropout";
export { gelu, geluGradient } from "./gelu";
export { norm, normGradient } from "./norm";
export { rotate } from "./rotary";
export { rowProduct } from "./row-product";
export { swiglu, swigluGradient } from "./swiglu";
export { transposedProduct } from "./transposed-product";
