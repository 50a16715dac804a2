export { addGains, grow, raise } from "./facility";
export { fingerprint } from "./fingerprint";
export { pairs } from "./pairs";
