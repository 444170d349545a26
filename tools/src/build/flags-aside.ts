import { SET_ASIDE } from './code-cache/set-aside.ts';

const table = SET_ASIDE.map(([pattern, flag]) => `[${pattern},${JSON.stringify(flag)}]`);

/**
 * The first line of a bundle, which is strict: its `require` loads Node's modules with the flags of
 * SET_ASIDE at their defaults, and restores them. Without such flags it is Node's own.
 */
export const FLAGS_ASIDE = `"use strict";var require=((load)=>{
const given=process.execArgv.flatMap((flag)=>{const found=[${table}].find(([pattern])=>pattern.test(flag));return found?[{flag,aside:found[1]}]:[]});
if(given.length===0)return load;
const{setFlagsFromString}=load("node:v8"),loaded=new Map();
return Object.assign((name)=>{
if(loaded.has(name))return loaded.get(name);
for(const{aside}of given)setFlagsFromString(aside);
try{const module=load(name);loaded.set(name,module);return module}finally{for(const{flag}of given)setFlagsFromString(flag)}
},load)})(require);`.replaceAll('\n', '');
