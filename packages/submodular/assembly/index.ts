export { climb, grow } from "./climb";
export { addGains, lower } from "./facility";
export { fingerprint } from "./fingerprint";
export { pairs, scores } from "./pairs";
