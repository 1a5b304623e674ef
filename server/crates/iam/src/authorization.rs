//! What a principal may do: nothing, until something says so.

use domain::Principal;
use protocol::ErrorName;

use crate::error::{Error, Result};

/// Something a principal wants to do.
#[derive(Debug, Clone, Copy)]
pub struct AccessRequest<'a> {
    /// Who wants it.
    pub principal: &'a Principal,
    /// The policy documents (JSON) that speak for the principal: of its session, where it has one.
    pub policies: &'a [String],
    /// The IAM action, such as `cognito-idp:AdminGetUser`.
    pub action: &'a str,
    /// The ARN of what it is done to; `*` where an operation names no one resource.
    pub resource: &'a str,
}

/// What the policies make of a request (IAM User Guide, "Policy evaluation logic").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// A policy allows it, and none denies it.
    Allow,
    /// No policy allows it.
    ImplicitDeny,
    /// A policy denies it, whatever others say.
    ExplicitDeny,
}

/// Decides on a request. The account itself may do everything; whoever else may do nothing yet, because no policy
/// document is read: the evaluator of [`AccessRequest::policies`] belongs here.
pub fn decide(request: &AccessRequest<'_>) -> Decision {
    match request.principal {
        Principal::Root { .. } => Decision::Allow,
        Principal::IamUser { .. }
        | Principal::AssumedRole { .. }
        | Principal::EndUser { .. }
        | Principal::Anonymous => Decision::ImplicitDeny,
    }
}

/// Refuses what is not allowed.
///
/// # Errors
/// `AccessDeniedException` in IAM's sentence (IAM User Guide, "Troubleshoot access denied error messages").
pub fn authorize(request: &AccessRequest<'_>) -> Result<()> {
    let AccessRequest { principal, action, resource, .. } = request;
    let reason = match decide(request) {
        Decision::Allow => return Ok(()),
        Decision::ImplicitDeny => format!("because no identity-based policy allows the {action} action"),
        Decision::ExplicitDeny => "with an explicit deny in an identity-based policy".to_owned(),
    };
    let who = principal.arn();
    let who = who.as_deref().unwrap_or("anonymous");
    let message = format!("User: {who} is not authorized to perform: {action} on resource: {resource} {reason}");
    Err(Error::new(ErrorName::AccessDenied, message))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_the_account_itself_is_allowed_anything() {
        let account = || "123456789012".to_owned();
        let root = Principal::Root { account: account() };
        let user = Principal::IamUser { account: account(), name: "ada".to_owned() };
        let (role, session) = ("admin".to_owned(), "app".to_owned());
        let assumed = Principal::AssumedRole { account: account(), role, session };
        let everything = [r#"{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#.to_owned()];
        let ask = |principal| AccessRequest {
            principal,
            policies: &everything,
            action: "cognito-idp:DeleteUserPool",
            resource: "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_abc",
        };
        assert_eq!(authorize(&ask(&root)), Ok(()));
        for principal in [&user, &assumed, &Principal::Anonymous] {
            assert_eq!(decide(&ask(principal)), Decision::ImplicitDeny);
            assert_eq!(authorize(&ask(principal)).unwrap_err().name, ErrorName::AccessDenied);
        }
        assert_eq!(
            authorize(&ask(&user)).unwrap_err().message,
            "User: arn:aws:iam::123456789012:user/ada is not authorized to perform: cognito-idp:DeleteUserPool on \
             resource: arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_abc because no identity-based \
             policy allows the cognito-idp:DeleteUserPool action"
        );
    }
}
