const known: RegExp = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|software/i;

/** Whether the name of a renderer is that of a program that imitates a graphics processor. */
export function isSoftwareRenderer(name: string): boolean {
  return known.test(name);
}
