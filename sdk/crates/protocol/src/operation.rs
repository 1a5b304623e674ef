//! An operation, declared once: routing, authentication, validation and types all read it.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error_name::ErrorName;
use crate::shape::Shape;
use crate::table::OPERATIONS;

/// The services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// User pools, `cognito-idp`.
    Idp,
    /// Identity pools, `cognito-identity`.
    Identity,
    /// The Security Token Service, `sts`.
    Sts,
}

/// How a service is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// AWS JSON 1.1: the operation in `X-Amz-Target`, JSON in and out.
    Json,
    /// AWS Query: the operation in the parameter `Action` and the service's version in `Version`; a form in, XML out.
    Query {
        /// The one version there is.
        version: &'static str,
        /// The namespace of the answers.
        namespace: &'static str,
    },
}

impl Service {
    /// The name a SigV4 credential scope carries.
    pub const fn signing_name(self) -> &'static str {
        match self {
            Self::Idp => "cognito-idp",
            Self::Identity => "cognito-identity",
            Self::Sts => "sts",
        }
    }

    /// How it is spoken to.
    pub const fn protocol(self) -> Protocol {
        match self {
            Self::Idp | Self::Identity => Protocol::Json,
            Self::Sts => {
                Protocol::Query { version: "2011-06-15", namespace: "https://sts.amazonaws.com/doc/2011-06-15/" }
            }
        }
    }

    /// What stands before the dot of an `X-Amz-Target`, and of [`Operation::target`] where there is no such header.
    pub const fn target_prefix(self) -> &'static str {
        match self {
            Self::Idp => "AWSCognitoIdentityProviderService",
            Self::Identity => "AWSCognitoIdentityService",
            Self::Sts => "AWSSecurityTokenServiceV20110615",
        }
    }

    /// The error a broken constraint is answered with; the services differ.
    pub const fn constraint_error(self) -> ErrorName {
        match self {
            Self::Idp => ErrorName::InvalidParameter,
            Self::Identity | Self::Sts => ErrorName::Validation,
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

/// Which member of an operation's input names the resource that IAM policies speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resource {
    /// No one resource: `*`.
    Any,
    /// The user pool whose id this member is.
    UserPool(&'static str),
    /// The identity pool whose id this member is.
    IdentityPool(&'static str),
    /// The one whose ARN this member is.
    Arn(&'static str),
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
    /// The whole `X-Amz-Target`; for an operation of the Query protocol, which has none, its key in the same form.
    pub target: &'static str,
    /// Whose operation it is; some names exist in two services.
    pub service: Service,
    /// Who may call it.
    pub caller: Caller,
    /// What IAM policies call it: `cognito-idp:AdminGetUser`.
    pub action: &'static str,
    /// What it is done to, in the words of IAM policies.
    pub resource: Resource,
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

    /// The operation that the parameters `Action` and `Version` of the Query protocol name.
    pub fn find_action(action: &str, version: &str) -> Option<&'static Self> {
        let speaks =
            |service: Service| matches!(service.protocol(), Protocol::Query { version: own, .. } if own == version);
        OPERATIONS.iter().find(|operation| operation.name == action && speaks(operation.service)).copied()
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
    type Input: Debug + Serialize + DeserializeOwned;
    /// What is answered; `()` where the body is empty.
    type Output: Debug + Serialize + DeserializeOwned;
    /// [`Operation::target`]; reading it does not drag the shape tables into a small build.
    const TARGET: &'static str;
    /// Who may call it.
    const CALLER: Caller;
    /// The declaration.
    const OPERATION: &'static Operation;
}
