export { normals } from "./normals";
