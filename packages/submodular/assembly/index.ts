export { addGains, grow, raise } from "./facility";
export { fingerprint } from "./fingerprint";
export { absolute, product, square } from "./pairs";
