import{g as t}from"./chunk-CIRYA6SR.js";function n({id:a}){return t("h1",{children:["Data ",a]})}export{n as default};
