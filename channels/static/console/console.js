/* The operators' page. */

import { App } from "./app.js";

new App().start();
