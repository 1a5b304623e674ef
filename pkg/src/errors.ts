/** Every name an {@link AuthError} can have: Cognito's own exceptions, then what happens outside Cognito. */
export type AuthErrorName =
  | "AliasExistsException"
  | "CodeDeliveryFailureException"
  | "CodeMismatchException"
  | "ConcurrentModificationException"
  | "DeviceKeyExistsException"
  | "EnableSoftwareTokenMFAException"
  | "ExpiredCodeException"
  | "FeatureUnavailableInTierException"
  | "ForbiddenException"
  | "InternalErrorException"
  | "InvalidEmailRoleAccessPolicyException"
  | "InvalidLambdaResponseException"
  | "InvalidParameterException"
  | "InvalidPasswordException"
  | "InvalidSmsRoleAccessPolicyException"
  | "InvalidSmsRoleTrustRelationshipException"
  | "InvalidUserPoolConfigurationException"
  | "LimitExceededException"
  | "MFAMethodNotFoundException"
  | "NotAuthorizedException"
  | "OperationNotEnabledException"
  | "PasswordHistoryPolicyViolationException"
  | "PasswordResetRequiredException"
  | "RefreshTokenReuseException"
  | "ResourceNotFoundException"
  | "SoftwareTokenMFANotFoundException"
  | "TooManyFailedAttemptsException"
  | "TooManyRequestsException"
  | "UnauthorizedException"
  | "UnexpectedLambdaException"
  | "UnsupportedOperationException"
  | "UnsupportedTokenTypeException"
  | "UserLambdaValidationException"
  | "UserNotConfirmedException"
  | "UserNotFoundException"
  | "UsernameExistsException"
  | "UnknownServiceException"
  | "OAuthError"
  | "ProviderRefused"
  | "ProviderFailed"
  | "ProviderUnavailable"
  | "NetworkError"
  | "UnexpectedResponse"
  | "NotSignedIn"
  | "StepExpired"
  | "UnsupportedChallenge"
  | "InvalidRedirect"
  | "InvalidIdToken"
  | "InvalidConfiguration"
  | "StorageError"
  | "EngineUnavailable";

/** What came of an identity provider behind the pool: nobody consented there; its answer was an error or not to be believed; it was not to be reached. */
type OfProvider = "ProviderRefused" | "ProviderFailed" | "ProviderUnavailable";

/** Names whose {@link AuthErrorOf.code} says more: the unknown exception, RFC 6749's code, the challenge. */
type Coded = "UnknownServiceException" | "OAuthError" | "UnsupportedChallenge" | OfProvider;

/** The error of one name. */
export interface AuthErrorOf<N extends AuthErrorName> extends Error {
  readonly name: N;
  /** The service's own code, where the name does not say it. */
  readonly code: N extends Coded ? string : string | undefined;
  /** The identity provider's name, where the answer tells it or the sign-in went straight there. */
  readonly provider: N extends OfProvider ? string | undefined : undefined;
  /** The service's request id, to quote in a report. */
  readonly requestId: string | undefined;
}

/** What every call of the SDK rejects with: `switch (error.name)` narrows it, and can be exhaustive. */
export type AuthError = { [N in AuthErrorName]: AuthErrorOf<N> }[AuthErrorName];

/** An error as the engine tells it. */
export interface Told {
  name: AuthErrorName;
  message: string;
  code?: string;
  provider?: string;
  requestId?: string;
}

class Failure extends Error {
  declare readonly code: string | undefined;
  declare readonly provider: string | undefined;
  declare readonly requestId: string | undefined;
  constructor(told: Told) {
    super(told.message);
    Object.assign(this, told);
  }
}

/** Turns what the engine told into an error. */
export const failure = (told: Told): AuthError => new Failure(told) as AuthError;

/** Whether something caught is an error of the SDK. */
export const isAuthError = (error: unknown): error is AuthError => error instanceof Failure;
