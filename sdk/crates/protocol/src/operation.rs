//! An operation, declared once: routing, authentication, validation and types all read it.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error_name::ErrorName;
use crate::shape::Shape;
use crate::table::OPERATIONS;

/// The two services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// User pools, `cognito-idp`.
    Idp,
    /// Identity pools, `cognito-identity`.
    Identity,
}

impl Service {
    /// The name a SigV4 credential scope carries.
    pub const fn signing_name(self) -> &'static str {
        match self {
            Self::Idp => "cognito-idp",
            Self::Identity => "cognito-identity",
        }
    }

    /// What stands before the dot of an `X-Amz-Target`.
    pub const fn target_prefix(self) -> &'static str {
        match self {
            Self::Idp => "AWSCognitoIdentityProviderService",
            Self::Identity => "AWSCognitoIdentityService",
        }
    }

    /// The error a broken constraint is answered with; the two services differ.
    pub const fn constraint_error(self) -> ErrorName {
        match self {
            Self::Idp => ErrorName::InvalidParameter,
            Self::Identity => ErrorName::Validation,
        }
    }
}

/// Who may call an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Caller {
    /// Anyone, unsigned.
    Anyone,
    /// The user whose access token the input carries.
    AccessToken,
    /// The user whose access token, or whose challenge session, the input carries.
    AccessTokenOrSession,
    /// An IAM principal.
    Sigv4,
    /// An app client that proves itself in the input; signed calls are taken too.
    AnyoneOrSigv4,
}

/// A group of operations that belong together; the same word names it in every room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capability {
    /// The word, as in `Operation::capability`.
    pub name: &'static str,
    /// A heading for people.
    pub title: &'static str,
    /// The service it belongs to.
    pub service: Service,
}

/// The declaration of one operation.
#[derive(Debug)]
pub struct Operation {
    /// `SignUp`.
    pub name: &'static str,
    /// The whole `X-Amz-Target`.
    pub target: &'static str,
    /// Whose operation it is; two names exist in both services.
    pub service: Service,
    /// Who may call it.
    pub caller: Caller,
    /// The capability it belongs to.
    pub capability: &'static str,
    /// The input structure.
    pub input: &'static Shape,
    /// The output structure; `None` means an empty body, which is not `{}`.
    pub output: Option<&'static Shape>,
    /// The errors the service declares for it; the generic ones come on top.
    pub errors: &'static [ErrorName],
}

impl Operation {
    /// The operation a whole `X-Amz-Target` value names.
    pub fn find(target: &str) -> Option<&'static Self> {
        let at = OPERATIONS.binary_search_by(|operation| operation.target.cmp(target)).ok()?;
        OPERATIONS.get(at).copied()
    }

    /// Whether success is answered by an empty body instead of a JSON object.
    pub const fn answers_empty_body(&self) -> bool {
        self.output.is_none()
    }
}

impl PartialEq for Operation {
    fn eq(&self, other: &Self) -> bool {
        self.target == other.target
    }
}

impl Eq for Operation {}

/// A zero-sized type that stands for an operation, with its Rust types.
pub trait Call: 'static {
    /// What is sent.
    type Input: Serialize + DeserializeOwned;
    /// What is answered; `()` where the body is empty.
    type Output: Serialize + DeserializeOwned;
    /// The whole `X-Amz-Target`; reading it does not drag the shape tables into a small build.
    const TARGET: &'static str;
    /// Who may call it.
    const CALLER: Caller;
    /// The declaration.
    const OPERATION: &'static Operation;
}
