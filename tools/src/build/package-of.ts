const NODE_MODULES = /.*[/\\]node_modules[/\\]((?:@[^/\\]+[/\\])?[^/\\]+)/s;

/** Returns the package under node_modules that a file belongs to, the innermost one; undefined for any other file. */
export function packageOf(file: string): string | undefined {
  return NODE_MODULES.exec(file)?.[1]?.replace('\\', '/');
}

/** Returns the folder of that package; undefined for a file that is not under node_modules. */
export function folderOfPackage(file: string): string | undefined {
  return NODE_MODULES.exec(file)?.[0];
}
