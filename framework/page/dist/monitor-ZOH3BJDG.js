import{g as o}from"./chunk-CIRYA6SR.js";function n(){return o("h1",{children:"Monitor"})}export{n as default};
