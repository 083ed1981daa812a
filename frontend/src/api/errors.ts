/** What can go wrong between the page and the server. */

/** The server answered and refused: `{"error": {"code", "message", "fields"}}`. */
export class ApiError extends Error {
  override name = "ApiError";
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** Seconds after which to try again (Retry-After); null when the server did not say. */
    readonly retryAfter: number | null = null,
  ) {
    super(message);
  }
}

/** Nobody answered, or something between the page and the server did. */
export class Unreachable extends Error {
  override name = "Unreachable";
}
