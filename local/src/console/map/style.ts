/**
 * The picture's own styles, so that it is the same alone and in a page. No character in it needs
 * escaping.
 */
export const MAP_STYLE = `
.map { --ground: #fdfdfc; --box: #f5f5f2; --edge: #b9bdc4; --line: #6b7280; --text: #24262b; --dim: #5d626b; --bad: #b3261e; --function: #0b5cad; --queue: #8a5a00; --topic: #7a3fa0; --bucket: #2c7a4b; font-family: system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { .map { --ground: #16181c; --box: #1e2126; --edge: #4a5059; --line: #8b919b; --text: #dcdfe4; --dim: #9aa0aa; --bad: #f2857c; --function: #7db4f0; --queue: #e0b060; --topic: #c99ae6; --bucket: #74c596; } }
.map .ground { fill: var(--ground); }
.map text { fill: var(--text); font-size: 11.5px; }
.map .name { font-weight: 600; }
.map .kind { fill: var(--dim); font-size: 10px; }
.map .note { fill: var(--dim); font-size: 10.5px; }
.map rect { fill: var(--box); stroke: var(--edge); stroke-width: 1.2; }
.map .ground { stroke: none; }
.map .function rect { stroke: var(--function); } .map .function .kind { fill: var(--function); }
.map .queue rect { stroke: var(--queue); } .map .queue .kind { fill: var(--queue); }
.map .topic rect { stroke: var(--topic); } .map .topic .kind { fill: var(--topic); }
.map .bucket rect { stroke: var(--bucket); } .map .bucket .kind { fill: var(--bucket); }
.map .node.bad rect { stroke: var(--bad); stroke-width: 2; } .map .node.bad .note { fill: var(--bad); font-weight: 600; }
.map .line { fill: none; stroke: var(--line); stroke-width: 1.4; }
.map .head { fill: var(--line); }
.map .may .line { stroke-dasharray: 2 4; }
.map .dead .line { stroke-dasharray: 6 4; stroke: var(--queue); } .map .dead .head { fill: var(--queue); }
.map .bad .line { stroke: var(--bad); } .map .bad .head { fill: var(--bad); }
.map .label { fill: var(--dim); font-size: 10px; text-anchor: middle; paint-order: stroke; stroke: var(--ground); stroke-width: 3px; }
.map .label.bad { fill: var(--bad); }
.map a { text-decoration: none; } .map a:hover rect, .map a:focus rect { stroke-width: 2.4; }
`;
