//! OpenID Connect providers: their discovery document and keys, and what they say of a user.

use ::federation::oidc::{
    Claims, DISCOVERY_LIMITS, DiscoveryDocument, Expectations, OidcProvider, RequestSecrets, discovery_request, key_id,
    keys_request, parse_discovery, parse_keys, parse_tokens, parse_user_info, tokens_request, user_info_request,
    validate_callback, validate_id_token,
};
use ::federation::{Endpoint, LIMITS, ProviderResponse, UpstreamError};
use bytes::Bytes;
use domain::{
    Assertion, AssertionTokens, AttributeStatement, Error, OIDC_ENDPOINTS, ProviderDetails, ProviderFault,
    ProviderSecret, Result, StatementSource,
};
use http::Response;
use jiff::SignedDuration;
use serde_json::Value;
use tokens::VerifyingKeys;
use world::NetError;

use crate::{Ctx, Latchkey};

/// An OpenID Connect provider, and what proves to it who we are.
pub(super) struct OidcClient {
    pub(super) provider: OidcProvider,
    pub(super) secret: Option<ProviderSecret>,
}

/// What a code is redeemed with.
pub(super) struct CodeExchange<'a> {
    pub(super) secrets: &'a RequestSecrets,
    pub(super) redirect_uri: &'a str,
    pub(super) max_age: Option<SignedDuration>,
}

impl Latchkey {
    /// Redeems the code that the browser brought, and asks for all that the provider says of the user.
    pub(super) async fn exchange_code(
        &self,
        ctx: &Ctx,
        client: &OidcClient,
        response: &ProviderResponse,
        exchange: &CodeExchange<'_>,
    ) -> std::result::Result<Assertion, UpstreamError> {
        let OidcClient { provider, secret } = client;
        let code = validate_callback(provider, response)?;
        let request = tokens_request(provider, secret.as_ref(), code, exchange.redirect_uri, exchange.secrets)?;
        let tokens = parse_tokens(self.world.net().fetch(request, LIMITS).await)?;
        let keys = self.provider_keys(ctx, provider, &tokens.id_token).await?;
        let expected = Expectations {
            nonce: &exchange.secrets.nonce,
            access_token: &tokens.access_token,
            max_age: exchange.max_age,
            now: ctx.now,
        };
        let id_claims = validate_id_token(provider, &keys, &tokens.id_token, &expected)?;
        let subject = id_claims.get("sub").and_then(Value::as_str).unwrap_or_default().to_owned();
        let user_info = match user_info_request(provider, &tokens.access_token)? {
            Some(request) => parse_user_info(self.world.net().fetch(request, LIMITS).await, &subject)?,
            None => Claims::new(),
        };
        // Cognito: what userInfo says goes before.
        let attributes = vec![
            AttributeStatement { source: StatementSource::UserInfo, values: user_info },
            AttributeStatement { source: StatementSource::IdToken, values: id_claims },
        ];
        let tokens = AssertionTokens { access_token: Some(tokens.access_token), id_token: Some(tokens.id_token) };
        Ok(Assertion { subject, issuer: None, attributes, tokens })
    }

    /// The keys that may have signed a token.
    async fn provider_keys(
        &self,
        ctx: &Ctx,
        provider: &OidcProvider,
        token: &str,
    ) -> std::result::Result<VerifyingKeys, UpstreamError> {
        let wanted = key_id(token).ok_or(UpstreamError::InvalidToken("names no key"))?;
        let request = keys_request(provider)?;
        let is_sufficient = |keys: &VerifyingKeys| keys.contains(&wanted);
        self.fetch_cached(ctx, &self.provider_keys, &provider.jwks_url, request, is_sufficient, parse_keys).await
    }

    /// What an issuer says of itself, for a sign-in.
    pub(super) async fn discovery_document(
        &self,
        ctx: &Ctx,
        issuer: &str,
    ) -> std::result::Result<DiscoveryDocument, UpstreamError> {
        let allow_http = self.settings.allow_http;
        let request = discovery_request(issuer, allow_http)
            .map_err(|_| UpstreamError::InvalidSettings("the issuer is no address"))?;
        let parse = |answer: std::result::Result<Response<Bytes>, NetError>| {
            let answer = answer.map_err(|error| UpstreamError::Unreachable(Endpoint::Discovery, error))?;
            parse_discovery(issuer, allow_http, &answer)
                .map_err(|_| UpstreamError::InvalidAnswer(Endpoint::Discovery, "no document of this issuer"))
        };
        self.fetch_cached(ctx, &self.discovery_documents, issuer, request, |_| true, parse).await
    }

    /// Asks an OIDC issuer for the endpoints that its details lack.
    ///
    /// # Errors
    /// [`ProviderFault::DiscoveryFailed`]
    pub(crate) async fn complete_oidc(&self, details: &mut ProviderDetails) -> Result<()> {
        if OIDC_ENDPOINTS.iter().all(|key| details.get(key).is_some()) {
            return Ok(());
        }
        let unreachable = |why: &dyn std::fmt::Display| Error::from(ProviderFault::DiscoveryFailed).with_detail(why);
        let issuer = details.get("oidc_issuer").unwrap_or_default();
        let allow_http = self.settings.allow_http;
        let request = discovery_request(issuer, allow_http).map_err(|fault| unreachable(&fault))?;
        let answer = self.world.net().fetch(request, DISCOVERY_LIMITS).await.map_err(|error| unreachable(&error))?;
        let document = parse_discovery(issuer, allow_http, &answer).map_err(|fault| unreachable(&fault))?;
        details.iss_in_response = Some(document.authorization_response_iss_parameter_supported);
        let found = [
            ("attributes_url", document.userinfo_endpoint),
            ("authorize_url", Some(document.authorization_endpoint)),
            ("jwks_uri", Some(document.jwks_uri)),
            ("token_url", Some(document.token_endpoint)),
        ];
        for (key, url) in found {
            if details.get(key).is_none()
                && let Some(url) = url
            {
                details.plain.insert(key.to_owned(), url);
            }
        }
        Ok(())
    }
}
