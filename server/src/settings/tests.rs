//! Precedence, faults and masks.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::BTreeMap;

use super::*;

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn flags(pairs: &[(&str, &[&str])]) -> BTreeMap<String, Vec<String>> {
    pairs
        .iter()
        .map(|(name, values)| ((*name).to_owned(), values.iter().map(|value| (*value).to_owned()).collect()))
        .collect()
}

fn file(text: &str) -> Option<(PathBuf, String)> {
    Some((PathBuf::from("latchkey.toml"), text.to_owned()))
}

fn origin<'a>(read: &'a Read, name: &str) -> &'a Origin {
    &read.origins.iter().find(|(known, _)| *known == name).unwrap().1
}

#[test]
fn a_flag_beats_the_environment_beats_the_file_beats_the_default() {
    let all = Sources {
        flags: flags(&[("region", &["eu-west-1"])]),
        environment: map(&[("LATCHKEY_REGION", "eu-west-2"), ("LATCHKEY_ACCOUNT_ID", "111111111111")]),
        file: file("region = \"eu-west-3\"\naccount-id = \"222222222222\"\nlog-level = \"debug\"\n"),
    };
    let read = read(&all).unwrap();
    assert_eq!(read.settings.region, "eu-west-1");
    assert_eq!(origin(&read, "region"), &Origin::Flag);
    assert_eq!(read.settings.account_id, "111111111111");
    assert_eq!(origin(&read, "account-id"), &Origin::Environment("LATCHKEY_ACCOUNT_ID".to_owned()));
    assert_eq!(read.settings.log_level, logs::Level::Debug);
    assert_eq!(origin(&read, "log-level"), &Origin::File(PathBuf::from("latchkey.toml")));
    assert_eq!(read.settings.issuer_template, "{base}/{poolId}");
    assert_eq!(origin(&read, "issuer-template"), &Origin::Default);
}

/// Every declaration takes a value from each of the three sources, to the same effect.
#[test]
fn every_setting_has_all_three_sources() {
    let key = "00".repeat(32);
    let samples: BTreeMap<&str, &str> = [
        ("dev", "true"),
        ("listen", "127.0.0.1:1"),
        ("base-url", "https://id.example.com"),
        ("data-dir", "data"),
        ("issuer-template", "https://i.example/{poolId}"),
        ("database-url", "sqlite:x.db"),
        ("master-key-file", "key"),
        ("master-key", &key),
        ("smtp-url", "smtp://mail.example.com"),
        ("mail-from", "a@b.example"),
        ("google-issuer", "https://accounts.example.com"),
        ("outbound-networks", "10.0.0.0/8"),
        ("outbound-ca-file", "ca.pem"),
        ("trusted-proxies", "10.0.0.0/8"),
        ("region", "eu-west-1"),
        ("account-id", "123456789012"),
        ("admin-access-key", "AKIAEXAMPLE"),
        ("admin-secret-key", "secret"),
        ("log-format", "json"),
        ("log-level", "warn"),
        ("max-connections", "900"),
        ("max-connections-per-address", "40"),
        ("codes-per-minute-per-address", "5"),
        ("codes-per-minute", "off"),
        ("guesses-per-minute-per-address", "5"),
        ("guesses-per-minute", "off"),
        ("sign-ins-per-minute-per-address", "5"),
        ("provider-sign-ins-per-minute-per-address", "5"),
        ("shutdown-seconds", "3"),
    ]
    .into();
    for declared in DECLARED {
        let sample = samples[declared.name];
        let mut by = [
            Sources { flags: flags(&[(declared.name, &[sample])]), ..Sources::default() },
            Sources { environment: map(&[(&declared.variable(), sample)]), ..Sources::default() },
            Sources { file: file(&format!("{} = {sample:?}", declared.name)), ..Sources::default() },
        ];
        for sources in &mut by {
            // These two only come together.
            match declared.name {
                "admin-access-key" => _ = sources.environment.insert("LATCHKEY_ADMIN_SECRET_KEY".into(), "s".into()),
                "admin-secret-key" => _ = sources.environment.insert("LATCHKEY_ADMIN_ACCESS_KEY".into(), "AK".into()),
                _ => {}
            }
            let read = read(sources).unwrap_or_else(|faults| panic!("{}: {faults:?}", declared.name));
            assert_ne!(origin(&read, declared.name), &Origin::Default, "{}", declared.name);
            assert_eq!((declared.shown)(&read.settings).as_deref(), Some(sample), "{}", declared.name);
        }
    }
}

#[test]
fn lists_come_with_commas_repeated_or_as_lists() {
    let expected = vec![Cidr::parse("10.0.0.0/8").unwrap(), Cidr::parse("::1").unwrap()];
    for sources in [
        Sources { flags: flags(&[("trusted-proxies", &["10.0.0.0/8", "::1"])]), ..Sources::default() },
        Sources { environment: map(&[("LATCHKEY_TRUSTED_PROXIES", "10.0.0.0/8, ::1")]), ..Sources::default() },
        Sources { file: file("trusted-proxies = [\"10.0.0.0/8\", \"::1\"]"), ..Sources::default() },
    ] {
        assert_eq!(read(&sources).unwrap().settings.proxies(), expected);
    }
    assert!(read(&Sources::default()).unwrap().settings.proxies().is_empty());
}

#[test]
fn unknown_keys_are_faults_that_name_the_nearest() {
    let faults =
        read(&Sources { file: file("base_url = \"https://a\"\nlisten-on = \"x\"\nzzz = 1\n"), ..Sources::default() });
    let faults = faults.unwrap_err();
    assert!(faults.iter().any(|fault| fault.contains("`base_url`; did you mean `base-url`?")), "{faults:?}");
    assert!(faults.iter().any(|fault| fault.ends_with("no setting `zzz`")), "{faults:?}");
    assert_eq!(faults.len(), 3);
}

#[test]
fn every_wrong_value_is_named_and_none_is_repeated() {
    let environment = map(&[
        ("LATCHKEY_LISTEN", "nowhere-secret"),
        ("LATCHKEY_BASE_URL", "https://user:nowhere-secret@example.com"),
        ("LATCHKEY_MASTER_KEY", "nowhere-secret"),
        ("LATCHKEY_SMTP_URL", "nowhere-secret"),
        ("LATCHKEY_DATABASE_URL", "nowhere-secret"),
        ("LATCHKEY_ACCOUNT_ID", "nowhere-secret"),
        ("LATCHKEY_ADMIN_SECRET_KEY", "nowhere-secret"),
        ("LATCHKEY_TRUSTED_PROXIES", "10.0.0.0/33"),
        ("LATCHKEY_DEV", "perhaps"),
    ]);
    let faults = read(&Sources { environment, ..Sources::default() }).unwrap_err();
    assert_eq!(faults.len(), 9, "{faults:?}");
    assert!(!faults.iter().any(|fault| fault.contains("nowhere-secret")), "{faults:?}");
    let broken = read(&Sources { file: file("region = \"x\"\nsmtp-url = \"nowhere-secret\n"), ..Sources::default() });
    let faults = broken.unwrap_err();
    assert!(faults[0].contains("line 2") && !faults[0].contains("nowhere-secret"), "{faults:?}");
}

#[test]
fn a_postgres_url_is_judged_before_anybody_is_asked() {
    for (url, word) in [
        ("postgres://u:nowhere-secret@h/d?sslmode=on", "verify-full"),
        ("postgres://u:nowhere-secret@h/d?sslmode=verify-ca", "sslrootcert"),
        ("postgres://u:nowhere-secret@h/d?sslcert=c.pem", "sslkey"),
        ("postgres://u:nowhere-secret@h/d?ssl=on", "malformed"),
    ] {
        let environment = map(&[("LATCHKEY_DATABASE_URL", url)]);
        let faults = read(&Sources { environment, ..Sources::default() }).unwrap_err();
        assert!(faults.len() == 1 && faults[0].contains(word), "{url}: {faults:?}");
        assert!(!faults[0].contains("nowhere-secret"), "{faults:?}");
    }
}

#[test]
fn the_table_says_where_from_and_masks_secrets() {
    let environment = map(&[
        ("LATCHKEY_ADMIN_ACCESS_KEY", "AKIAEXAMPLE"),
        ("LATCHKEY_ADMIN_SECRET_KEY", "hidden-value"),
        ("LATCHKEY_SMTP_URL", "smtps://user:hidden-value@mail.example.com"),
    ]);
    let table = read(&Sources { environment, ..Sources::default() }).unwrap().table();
    assert!(!table.contains("hidden-value"), "{table}");
    assert!(table.contains("***") && table.contains("$LATCHKEY_SMTP_URL") && table.contains("AKIAEXAMPLE"), "{table}");
    assert_eq!(table.lines().count(), DECLARED.len());
}

#[test]
fn the_data_folder_follows_the_mode_and_the_system() {
    let dir = |pairs: &[(&str, &str)]| {
        read(&Sources { environment: map(pairs), ..Sources::default() }).unwrap().settings.data_dir
    };
    assert_eq!(dir(&[("LATCHKEY_DEV", "1"), ("STATE_DIRECTORY", "/s")]), PathBuf::from(".latchkey"));
    assert_eq!(dir(&[("STATE_DIRECTORY", "/s"), ("XDG_DATA_HOME", "/x")]), PathBuf::from("/s"));
    assert_eq!(dir(&[("XDG_DATA_HOME", "/x")]), PathBuf::from("/x/latchkey"));
    assert_eq!(dir(&[]), PathBuf::from("/var/lib/latchkey"));
}

#[test]
fn networks_hold_what_they_hold() {
    let holds = |network: &str, address: &str| Cidr::parse(network).unwrap().contains(address.parse().unwrap());
    assert!(holds("10.0.0.0/8", "10.255.0.1") && !holds("10.0.0.0/8", "11.0.0.1"));
    assert!(holds("0.0.0.0/0", "8.8.8.8") && !holds("0.0.0.0/0", "::1"));
    assert!(
        holds("::/0", "2001:db8::1") && holds("2001:db8::/32", "2001:db8:1::") && !holds("2001:db8::/32", "2001:db9::")
    );
    assert!(holds("127.0.0.0/8", "::ffff:127.0.0.1"));
    assert!(holds("192.0.2.1", "192.0.2.1") && !holds("192.0.2.1", "192.0.2.2"));
    for bad in ["", "10.0.0.0/33", "::1/129", "10.0.0/8", "host", "10.0.0.1/-1"] {
        assert!(Cidr::parse(bad).is_none(), "{bad}");
    }
}

#[test]
fn providers_are_tables_of_the_file() {
    let text = r#"
        dev = true
        [[identity-provider]]
        name = "Company"
        type = "OIDC"
        client-id = "us"
        client-secret = "hidden-value"
        issuer = "https://idp.example"
        scopes = ["openid", "email"]
        mapping = { email = "email", "custom:team" = "team" }
        identifiers = ["company.example"]
        details = { attributes_request_method = "POST" }

        [[identity-provider]]
        type = "Google"
        client-id = "us"
        client-secret = "hidden-value"
        scopes = "openid email"
    "#;
    let read = read(&Sources { file: file(text), ..Sources::default() }).unwrap();
    let [company, google] = read.settings.identity_providers.as_slice() else { panic!("two providers") };
    let details: Vec<_> = company.details.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    assert_eq!(
        details,
        [
            ("attributes_request_method", "POST"),
            ("authorize_scopes", "openid email"),
            ("client_id", "us"),
            ("client_secret", "hidden-value"),
            ("oidc_issuer", "https://idp.example"),
        ]
    );
    assert_eq!((company.mapping.len(), company.identifiers.as_slice()), (2, ["company.example".to_owned()].as_slice()));
    assert_eq!((google.name.as_str(), google.details["authorize_scopes"].as_str()), ("Google", "openid email"));
    let table = read.table();
    assert!(table.contains("Company (OIDC)") && table.contains("Google (Google)"), "{table}");
    assert!(!format!("{table} {:?}", read.settings).contains("hidden-value"));
}

#[test]
fn a_wrong_provider_is_named_and_its_secrets_are_not_repeated() {
    let whole = "type = 'OIDC'\nname = 'Company'\nclient-id = 'a'\nclient-secret = 'hidden-value'\n\
                 issuer = 'https://idp.example'\nscopes = 'openid'\n";
    let cases = [
        (whole.replace("'OIDC'", "'OpenID'"), "`type` is none of SAML, Facebook, Google"),
        (whole.replace("type", "kind"), "there is no `kind`"),
        (whole.replace("name = 'Company'", "name = 'C'"), "`name` is not 3 to 32 characters"),
        (whole.replace("name = 'Company'", "name = 'Google'"), "Provider Google cannot be of type OIDC."),
        (whole.replace("client-id = 'a'", ""), "clientId, authorizeScopes, oidcIssuer"),
        (whole.replace("client-id = 'a'", "client-id = 1"), "`client-id` is no text"),
        (whole.replace("https://idp", "idp"), "OIDC endpoint must start with https://"),
        (whole.to_owned() + "mapping = ['hidden-value']", "`mapping` is no table of text"),
        (whole.to_owned() + "identifiers = 'hidden-value'", "`identifiers` is no list of text"),
        (whole.to_owned() + "details = { attributes_request_method = 'hidden-value' }", "[POST, GET]"),
        (whole.to_owned() + "[[identity-provider]]\n" + whole, "identity-provider 2 (Company): there are two"),
    ];
    for (table, words) in cases {
        let text = format!("[[identity-provider]]\n{table}");
        let faults = read(&Sources { file: file(&text), ..Sources::default() }).unwrap_err();
        assert!(faults.iter().any(|fault| fault.contains(words)), "{words}: {faults:?}");
        assert!(
            faults.iter().all(|fault| fault.contains("identity-provider ") && !fault.contains("hidden-value")),
            "{faults:?}"
        );
    }
    for text in ["identity-provider = 1", "[identity-provider]\nname = 'x'", "identity-provider = ['hidden-value']"] {
        let faults = read(&Sources { file: file(text), ..Sources::default() }).unwrap_err();
        assert!(faults[0].contains("write [[identity-provider]]"), "{faults:?}");
    }
}

/// What a variable that is not there leaves behind is no value, least of all a secret.
#[test]
fn nothing_may_be_empty() {
    for declared in DECLARED {
        for empty in ["", " ", "\t"] {
            let sources = Sources { flags: flags(&[(declared.name, &[empty])]), ..Sources::default() };
            let wrong = if declared.many { None } else { Some(read(&sources).unwrap_err()) };
            let told = wrong.is_none_or(|faults| faults.iter().any(|fault| fault.contains("empty")));
            assert!(told, "{} as {empty:?}", declared.name);
        }
    }
    let secret = [("admin-access-key", ["AK"].as_slice()), ("admin-secret-key", [""].as_slice())];
    assert!(read(&Sources { flags: flags(&secret), ..Sources::default() }).is_err());
    let text = "admin-access-key = 'AK'\nadmin-secret-key = ''";
    assert!(read(&Sources { file: file(text), ..Sources::default() }).is_err());
}

#[test]
fn callers_have_rates_unless_somebody_says_otherwise() {
    let rates = |flags_: &[(&str, &[&str])]| {
        read(&Sources { flags: flags(flags_), ..Sources::default() }).unwrap().settings.rates()
    };
    let usual = rates(&[]);
    assert_eq!((usual.codes.of_one, usual.guesses.of_one, usual.sign_ins.of_one), (Some(30), Some(60), Some(1_200)));
    assert!(usual.codes.in_all.is_some() && usual.guesses.in_all.is_some() && usual.providers.of_one.is_some());
    assert_eq!(rates(&[("dev", &["true"])]), flows::Rates::default());
    let set = rates(&[("dev", &["true"]), ("codes-per-minute-per-address", &["7"])]);
    assert_eq!((set.codes.of_one, set.codes.in_all), (Some(7), None));
    assert_eq!(rates(&[("guesses-per-minute", &["off"])]).guesses.in_all, None);
}
