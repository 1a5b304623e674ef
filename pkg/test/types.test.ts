// Compiled, never run: what must and must not type-check.
import { createAuth, isAuthError, type AuthError, type Step } from "../src/index.js";

const never = (value: never): never => value;

export const everyStep = (step: Step): string => {
  switch (step.kind) {
    case "done":
      return step.user.sub;
    case "totp":
      return step.deviceName ?? "";
    case "totp-setup":
      return step.secret + step.uri;
    case "choose-mfa":
      return step.choices.join();
    case "code":
      return step.deliveredTo.destination ?? "";
    case "new-password":
      return step.requiredAttributes.join();
    case "confirm-sign-up":
    case "reset-required":
      return step.kind;
    default:
      return never(step);
  }
};

export const incomplete = (step: Step): string => {
  switch (step.kind) {
    case "done":
      return "";
    default:
      // @ts-expect-error other steps are left
      return never(step);
  }
};

export const everyError = (error: AuthError): string => {
  switch (error.name) {
    case "ProviderRefused":
    case "ProviderFailed":
    case "ProviderUnavailable":
      return (error.code satisfies string) + (error.provider ?? "");
    case "OAuthError":
    case "UnknownServiceException":
    case "UnsupportedChallenge":
      return error.code satisfies string;
    case "NotAuthorizedException":
      // @ts-expect-error no provider has a part in it
      (error.provider satisfies string);
      // @ts-expect-error this name says it all
      return error.code satisfies string;
    // @ts-expect-error no such name
    case "NotAuthorised":
      return "";
    case "AliasExistsException": case "CodeDeliveryFailureException": case "CodeMismatchException": case "ConcurrentModificationException":
    case "DeviceKeyExistsException": case "EnableSoftwareTokenMFAException": case "ExpiredCodeException": case "FeatureUnavailableInTierException":
    case "ForbiddenException": case "InternalErrorException": case "InvalidEmailRoleAccessPolicyException": case "InvalidLambdaResponseException":
    case "InvalidParameterException": case "InvalidPasswordException": case "InvalidSmsRoleAccessPolicyException":
    case "InvalidSmsRoleTrustRelationshipException": case "InvalidUserPoolConfigurationException": case "LimitExceededException":
    case "MFAMethodNotFoundException": case "OperationNotEnabledException": case "PasswordHistoryPolicyViolationException":
    case "PasswordResetRequiredException": case "RefreshTokenReuseException": case "ResourceNotFoundException": case "SoftwareTokenMFANotFoundException":
    case "TooManyFailedAttemptsException": case "TooManyRequestsException": case "UnauthorizedException": case "UnexpectedLambdaException":
    case "UnsupportedOperationException": case "UnsupportedTokenTypeException": case "UserLambdaValidationException": case "UserNotConfirmedException":
    case "UserNotFoundException": case "UsernameExistsException": case "NetworkError": case "UnexpectedResponse": case "NotSignedIn": case "StepExpired":
    case "InvalidRedirect": case "InvalidIdToken": case "InvalidConfiguration": case "StorageError": case "EngineUnavailable":
      return error.message;
    default:
      return never(error);
  }
};

export const journey = async (): Promise<void> => {
  const auth = createAuth({ userPoolId: "us-east-1_A", clientId: "c", storage: { get: () => null, set: () => {}, remove: async () => {} } });
  // @ts-expect-error clientId is missing
  createAuth({ userPoolId: "us-east-1_A" });
  // @ts-expect-error no such store
  createAuth({ userPoolId: "us-east-1_A", clientId: "c", storage: "cookie" });
  try {
    const step = await auth.signIn({ username: "a", password: "b" });
    // @ts-expect-error not every step can be submitted
    step.submit("1");
    if (step.kind === "choose-mfa") await step.choose("totp");
    // @ts-expect-error the refresh token is not handed out
    (await auth.tokens()).refreshToken;
  } catch (error) {
    if (isAuthError(error) && error.name === "NetworkError") return;
    throw error;
  }
};
