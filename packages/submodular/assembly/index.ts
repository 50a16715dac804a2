export { climb, grow, start } from "./climb";
export { pairs, scores } from "./pairs";
