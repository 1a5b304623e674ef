//! Who calls, and whether they may: a signature becomes a principal, a principal is held against the declaration.

use domain::{PoolId, Principal};
use protocol::{Caller, Operation, Resource, Service};
use serde_json::Value;

use crate::door::{Call, Door};
use crate::error::Result;

/// No name of a resource is longer; one that claims to be names none.
const LONGEST_NAME: usize = 2_048;

/// Who signed a call, and the policy documents that speak for them.
pub(crate) struct Signer {
    pub(crate) principal: Principal,
    policies: Vec<String>,
}

/// Signed operations need a true signature; on the others one is tolerated, because SDKs send it.
///
/// # Errors
/// Those of [`iam::Presented::read`] and [`iam::Verifier::verify`].
pub(crate) async fn authenticate(door: &Door, operation: &Operation, call: &Call) -> Result<Signer> {
    let anonymous = Signer { principal: Principal::Anonymous, policies: Vec::new() };
    match operation.caller {
        Caller::Sigv4 => {}
        Caller::Anyone | Caller::AccessToken | Caller::AccessTokenOrSession | Caller::AnyoneOrSigv4 => {
            return Ok(anonymous);
        }
    }
    let signed = iam::SignedRequest { method: &call.method, uri: &call.uri, headers: &call.headers, body: &call.body };
    let presented = iam::Presented::read(&signed)?;
    let access_key = presented.access_key();
    let key = door.api.latchkey.access_key(access_key).await?;
    let credentials = key.as_ref().map(|key| match &key.session {
        None => iam::Credentials::new(access_key, key.secret.as_str()),
        Some(session) => {
            iam::Credentials::temporary(access_key, key.secret.as_str(), session.token.as_str(), session.expires_at)
        }
    });
    let verifier = match operation.service {
        Service::Idp => &door.idp,
        Service::Identity => &door.identity,
        Service::Sts => &door.sts,
    };
    verifier.verify(&signed, &presented, credentials.as_ref(), call.ctx.now)?;
    Ok(key.map_or(anonymous, |key| Signer {
        principal: key.principal,
        policies: key.session.and_then(|session| session.policy).into_iter().collect(),
    }))
}

/// Whether a call may do what it asks for. Operations that nobody signs look after themselves: they are open, or a
/// token in the input says whose they are.
///
/// # Errors
/// `AccessDeniedException`.
pub(crate) fn authorize(door: &Door, operation: &Operation, signer: &Signer, input: &Value) -> Result<()> {
    match operation.caller {
        Caller::Sigv4 => {
            let resource = resource_arn(operation.resource, input, &door.api.latchkey.settings().account);
            let policies = &signer.policies;
            let (principal, action) = (&signer.principal, operation.action);
            iam::authorize(&iam::AccessRequest { principal, policies, action, resource: &resource })?;
            Ok(())
        }
        Caller::Anyone | Caller::AccessToken | Caller::AccessTokenOrSession | Caller::AnyoneOrSigv4 => Ok(()),
    }
}

/// The ARN of what an operation is done to. The input is not validated yet: what names nothing is `*`, and will be
/// refused by whatever is asked next.
fn resource_arn(resource: Resource, input: &Value, account: &str) -> String {
    let text = |member: &str| {
        input.get(member).and_then(Value::as_str).filter(|name| !name.is_empty() && name.len() <= LONGEST_NAME)
    };
    let arn = match resource {
        Resource::Any => None,
        Resource::UserPool(member) => text(member).map(|id| PoolId::from(id).arn(account)),
        Resource::IdentityPool(member) => text(member).map(|id| {
            let region = id.split(':').next().unwrap_or_default();
            format!("arn:aws:cognito-identity:{region}:{account}:identitypool/{id}")
        }),
        Resource::Arn(member) => text(member).map(str::to_owned),
    };
    arn.unwrap_or_else(|| "*".to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn resources_are_named_as_policies_name_them() {
        let input = json!({
            "UserPoolId": "eu-west-1_abc", "IdentityPoolId": "eu-west-1:12-34", "ResourceArn": "arn:x", "Number": 1,
            "Empty": "", "Long": "x".repeat(2_049),
        });
        for (resource, arn) in [
            (Resource::Any, "*"),
            (Resource::UserPool("UserPoolId"), "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_abc"),
            (
                Resource::IdentityPool("IdentityPoolId"),
                "arn:aws:cognito-identity:eu-west-1:123456789012:identitypool/eu-west-1:12-34",
            ),
            (Resource::Arn("ResourceArn"), "arn:x"),
            (Resource::UserPool("Number"), "*"),
            (Resource::UserPool("Empty"), "*"),
            (Resource::Arn("Long"), "*"),
            (Resource::Arn("Absent"), "*"),
        ] {
            assert_eq!(resource_arn(resource, &input, "123456789012"), arn);
        }
        assert_eq!(resource_arn(Resource::Arn("x"), &json!([]), "123456789012"), "*");
    }
}
