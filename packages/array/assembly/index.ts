export { finite } from "./finite";
export { normals } from "./normals";
