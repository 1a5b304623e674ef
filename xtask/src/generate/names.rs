//! Wire names as Rust names.

/// The words inside a wire name: `UserMFASettingList` is user, mfa, setting, list.
fn split_words(name: &str) -> Vec<String> {
    let name = name.replace("OAuth", "Oauth").replace("URLs", "Urls").replace("ARNs", "Arns");
    let letters: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|i| letters.get(i));
        let after = letters.get(at + 1);
        let starts = letter.is_ascii_uppercase()
            && before.is_some_and(|b| {
                b.is_ascii_lowercase() || b.is_ascii_digit() || after.is_some_and(char::is_ascii_lowercase)
            });
        if (starts || *letter == '_' || *letter == '-') && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if letter.is_ascii_alphanumeric() {
            word.push(letter.to_ascii_lowercase());
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

pub(super) fn field_name(member: &str) -> String {
    let name = split_words(member).join("_");
    if matches!(name.as_str(), "type" | "enum" | "match" | "ref" | "use" | "where") {
        format!("r#{name}")
    } else {
        name
    }
}

pub(super) fn static_name(name: &str) -> String {
    split_words(name).join("_").to_ascii_uppercase()
}

/// A shape's name as a type's: `jwtAlgorithmType` is JwtAlgorithmType.
pub(super) fn type_name(shape: &str) -> String {
    let mut letters = shape.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

pub(super) fn error_variant(name: &str) -> String {
    name.strip_suffix("Exception").unwrap_or(name).to_owned()
}

/// `SMS_MFA` is SmsMfa, `phone_number` PhoneNumber, `V1_0` V1_0, `AuthenticatedRole` itself.
pub(super) fn variant_name(value: &str) -> String {
    let shout = !value.chars().any(|c| c.is_ascii_lowercase());
    let mut out = String::new();
    for part in value.split(|c: char| !c.is_ascii_alphanumeric()).filter(|p| !p.is_empty()) {
        let digits = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        if digits(out.chars().last()) && digits(part.chars().next()) {
            out.push('_');
        }
        let mut letters = part.chars();
        out.extend(letters.next().map(|c| c.to_ascii_uppercase()));
        if shout {
            out.extend(letters.map(|c| c.to_ascii_lowercase()));
        } else {
            out.push_str(letters.as_str());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_words() {
        for (wire, field) in [
            ("UserMFASettingList", "user_mfa_setting_list"),
            ("SMSMfaSettings", "sms_mfa_settings"),
            ("CallbackURLs", "callback_urls"),
            ("OpenIdConnectProviderARNs", "open_id_connect_provider_arns"),
            ("AllowedOAuthFlowsUserPoolClient", "allowed_oauth_flows_user_pool_client"),
            ("KMSKeyID", "kms_key_id"),
            ("S3Bucket", "s3_bucket"),
            ("PrimaryRoute53HealthCheckId", "primary_route53_health_check_id"),
            ("Type", "r#type"),
        ] {
            assert_eq!(field_name(wire), field);
        }
        assert_eq!(type_name("webIdentityTokenType"), "WebIdentityTokenType");
        assert_eq!(variant_name("SMS_MFA"), "SmsMfa");
        assert_eq!(variant_name("TLS_V1_2_2021"), "TlsV1_2_2021");
        assert_eq!(variant_name("phone_number"), "PhoneNumber");
        assert_eq!(variant_name("AuthenticatedRole"), "AuthenticatedRole");
    }
}
