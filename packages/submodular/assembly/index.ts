export { addGains, raise } from "./facility";
export { absolute, product, square } from "./pairs";
