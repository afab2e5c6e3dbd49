import { store } from "./store/store.js";
import "./shell/shell.js";

store.start();
