//! SAML 2.0 providers: their metadata.

use ::federation::saml::{METADATA_LIMITS, metadata_request, parse_metadata};
use domain::{Error, ProviderDetails, ProviderFault, Result};

use crate::{Ctx, Latchkey};

impl Latchkey {
    /// Reads a SAML provider's metadata into its details.
    ///
    /// # Errors
    /// [`ProviderFault`]
    pub(crate) async fn complete_saml(&self, ctx: &Ctx, details: &mut ProviderDetails) -> Result<()> {
        let fetched;
        let text = match (details.get("MetadataFile"), details.get("MetadataURL")) {
            (Some(text), _) => text,
            (None, url) => {
                fetched = self.fetch_metadata(url.unwrap_or_default()).await?;
                &fetched
            }
        };
        let metadata = parse_metadata(text, ctx.now).map_err(ProviderFault::Metadata)?;
        // Read-only members: what was said in their place does not count.
        for key in ["SSORedirectBindingURI", "SLORedirectBindingURI", "ActiveEncryptionCertificate"] {
            details.plain.remove(key);
        }
        let shown = [("SSORedirectBindingURI", &metadata.sign_on), ("SLORedirectBindingURI", &metadata.sign_out)];
        for (key, service) in shown {
            if let Some(endpoint) = &service.redirect {
                details.plain.insert(key.to_owned(), endpoint.location.clone());
            }
        }
        details.saml = Some(metadata);
        Ok(())
    }

    async fn fetch_metadata(&self, url: &str) -> Result<String> {
        let refused = |why: &dyn std::fmt::Display| {
            Error::from(ProviderFault::MetadataUnreachable { url: url.to_owned() }).with_detail(why)
        };
        let request = metadata_request(url).map_err(|fault| refused(&format!("{fault:?}")))?;
        let answer = self.world.net().fetch(request, METADATA_LIMITS).await.map_err(|error| refused(&error))?;
        if answer.status().as_u16() != 200 {
            let status = answer.status().as_u16();
            return Err(ProviderFault::MetadataStatus { url: url.to_owned(), status }.into());
        }
        String::from_utf8(answer.into_body().to_vec()).map_err(|error| refused(&error))
    }
}
