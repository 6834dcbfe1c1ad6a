/** What the server shows of a session. Fields that its session callback adds are here too. */
export interface Session {
  user: { name?: string | null; email?: string | null; image?: string | null; [field: string]: unknown };
  /** When it ends unless it is used, as an ISO 8601 time. */
  expires: string;
  [field: string]: unknown;
}

export interface Provider {
  id: string;
  name: string;
  type: "oauth" | "oidc" | "credentials";
  signinUrl: string;
  callbackUrl: string;
}

export interface SignInOptions {
  /** Whether to go on to the provider, or after credentials to `redirectTo`. Default: true. */
  redirect?: boolean;
  /** Where to come back to: an address of the server or of an allowed origin. Default: this page. */
  redirectTo?: string;
  /** What the provider is asked for besides, such as `login_hint`; the server lets a known list through. */
  params?: Record<string, string>;
  /** The fields of a credentials provider. */
  [field: string]: unknown;
}

export interface SignInResult {
  ok: boolean;
  /** The code of a refusal, such as `CredentialsSignin`. */
  error?: string;
  /** The app's own code of refused credentials. */
  code?: string;
  status: number;
  /** Where to go next; null after a refusal. */
  url: string | null;
}

/** The server could not be reached, or it failed. It says nothing about whether somebody is signed in. */
export class AuthError extends Error {
  /** The HTTP status; 0 when there was no answer that this page may read. */
  status: number;
}

export interface Auth {
  /** The session; null when nobody is signed in. */
  getSession(): Promise<Session | null>;
  getProviders(): Promise<Record<string, Provider>>;
  getCsrfToken(): Promise<string>;
  /** Without a provider, or with one that is not there: goes to the sign-in page. */
  signIn(provider: string, options: SignInOptions & { redirect: false }): Promise<SignInResult>;
  signIn(provider?: string, options?: SignInOptions): Promise<never>;
  signOut(options: { redirect: false; redirectTo?: string }): Promise<{ url: string }>;
  signOut(options?: { redirect?: boolean; redirectTo?: string }): Promise<never>;
  /** Sends `data` to the server's token callback, and returns the session as it is then. */
  update(data?: unknown): Promise<Session | null>;
  /**
   * Calls the listener with the session now and whenever it changes, in this tab or another. A server that cannot be reached changes nothing.
   * Returns what ends it.
   */
  onSession(listener: (session: Session | null) => void): () => void;
}

/**
 * @param options.url The address of the endpoints. Default: where this module was loaded from, `/api/auth` when it was bundled.
 */
export function createAuth(options?: { url?: string }): Auth;
