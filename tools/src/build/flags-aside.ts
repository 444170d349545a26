import { SET_ASIDE } from './code-cache/set-aside.ts';

const table = SET_ASIDE.map(([pattern, flag]) => `[${pattern},${JSON.stringify(flag)}]`);

/**
 * The first line of a bundle, which is strict: its `require` loads Node's modules with the flags of
 * SET_ASIDE at their defaults, and restores them. Without such flags, and for modules that Node has loaded
 * before, it is Node's own: setting a flag takes V8 a while.
 *
 * Before a bundle first loads `http` or `https` it also has Node tell an address from a name, twice, since V8
 * compiles an expression once for each of its first two uses: that of Node for IPv6 takes it milliseconds
 * with optimization, and is used for each connection to a host by its name.
 */
export const FLAGS_ASIDE = `"use strict";var require=((load)=>{
const given=process.execArgv.flatMap((flag)=>{const found=[${table}].find(([pattern])=>pattern.test(flag));return found?[{flag,aside:found[1]}]:[]});
if(given.length===0)return load;
const{setFlagsFromString}=load("node:v8"),loaded=new Map(),had=new Set(process.moduleLoadList);
const flags=given.map(({flag})=>flag).join(" "),asides=given.map(({aside})=>aside).join(" ");
let connects=false;
return Object.assign((name)=>{
if(!connects&&/^(node:)?https?$/.test(name)){
connects=true;
const{isIP}=load("node:net");
setFlagsFromString("--no-regexp-optimization");
try{isIP("a");isIP("a")}finally{setFlagsFromString("--regexp-optimization")}
}
if(loaded.has(name))return loaded.get(name);
if(had.has("NativeModule "+name.replace("node:","")))return load(name);
setFlagsFromString(asides);
try{const module=load(name);loaded.set(name,module);return module}finally{setFlagsFromString(flags)}
},load)})(require);`.replaceAll('\n', '');
