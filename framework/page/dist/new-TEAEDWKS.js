import{g as e}from"./chunk-CIRYA6SR.js";function f(){return e("h1",{children:"New"})}export{f as default};
