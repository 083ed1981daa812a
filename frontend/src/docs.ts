// The API docs page: swagger-ui from the build, so that it works without internet and under the page's own CSP.
import SwaggerUI from "swagger-ui-dist/swagger-ui-bundle.js";
import "swagger-ui-dist/swagger-ui.css";

// validatorUrl: else it shows a badge from a server elsewhere.
SwaggerUI({ url: "/openapi.json", dom_id: "#docs", deepLinking: true, tryItOutEnabled: true, validatorUrl: null });
