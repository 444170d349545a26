/** What to do when a service does not know the key, the signature or the token of a request. */
export const CHECK_CREDENTIAL =
  "check the credential's id, secret and token, and that it has not expired; in a function use the current invocation's context.credentials, and never a client kept from an earlier one";
