//! What a flow knows of the call that it serves.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};

use domain::Principal;
use domain::{ClientId, Pool};
use jiff::Timestamp;

use crate::{Latchkey, RequestId};

/// Through which door a call came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryPoint {
    /// An operation of the AWS door that anybody, or a user with an access token, may call.
    Api,
    /// An operation that is signed with IAM credentials.
    AdminApi,
    /// The OAuth endpoints and the hosted pages.
    HostedUi,
    /// The server itself: a command, a seed, a worker.
    Server,
}

/// Made once a request by its door; the first argument of every flow.
#[derive(Clone, Debug)]
pub struct Ctx {
    /// Who calls, as far as the door has established that.
    pub principal: Principal,
    /// Through which door the call came.
    pub entry_point: EntryPoint,
    /// The caller's address, as far as trusted proxies tell it.
    pub ip: Option<IpAddr>,
    /// User-Agent
    pub user_agent: Option<String>,
    /// The request's id, as told to the caller and in the log.
    pub request_id: RequestId,
    /// ClientMetadata: what the app hands to the pool's triggers.
    pub client_metadata: BTreeMap<String, String>,
    /// ValidationData: what the app hands to pre sign-up and pre authentication.
    pub validation_data: BTreeMap<String, String>,
    /// What the app says of the user's device and address (UserContextData, ContextData).
    pub user_context: Option<UserContext>,
    /// AnalyticsMetadata: the endpoint id.
    pub analytics_endpoint: Option<String>,
    /// When the request came. One request happens at one instant.
    pub now: Timestamp,
}

/// What an app says of where a sign-in comes from, for adaptive authentication.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserContext {
    /// The user's address as the app saw it.
    pub ip: Option<String>,
    /// EncodedData: the device's fingerprint, as Cognito's own script makes it.
    pub encoded_data: Option<String>,
    /// What an administrator's server tells beside that: the host that was called, its path, the headers.
    pub server: Option<ServerContext>,
}

/// What AdminInitiateAuth's ContextData tells of the request that the caller's server received.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerContext {
    /// ServerName
    pub name: String,
    /// ServerPath
    pub path: String,
    /// HttpHeaders, in their order.
    pub headers: Vec<(String, String)>,
}

impl Ctx {
    /// The context of a request as its door reads it; what only some operations carry is added by them.
    pub fn new(entry_point: EntryPoint, request_id: RequestId, now: Timestamp) -> Self {
        Self {
            principal: Principal::Anonymous,
            entry_point,
            ip: None,
            user_agent: None,
            request_id,
            client_metadata: BTreeMap::new(),
            validation_data: BTreeMap::new(),
            user_context: None,
            analytics_endpoint: None,
            now,
        }
    }

    /// What every event of the pool's functions tells of this call.
    pub(crate) fn trigger_call<'a>(
        &'a self,
        pool: &'a Pool,
        client: Option<&'a ClientId>,
        username: &'a str,
    ) -> triggers::Call<'a> {
        triggers::Call {
            pool,
            client,
            username,
            client_metadata: &self.client_metadata,
            validation_data: &self.validation_data,
        }
    }

    /// Whom the call is counted for where callers are limited; None where nobody knows where it comes from.
    pub fn caller(&self) -> Option<IpAddr> {
        self.ip.map(counted_as)
    }

    /// The address as text, for records that show it.
    pub fn ip_text(&self) -> Option<String> {
        self.ip.map(|ip| ip.to_string())
    }
}

/// Whose address it is as far as limits go: an IPv6 caller has a whole /64 network of addresses to choose from.
pub fn counted_as(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        v4 @ IpAddr::V4(_) => v4,
    }
}

impl Latchkey {
    /// The context of a request that arrives now.
    pub fn make_ctx(&self, entry_point: EntryPoint) -> Ctx {
        Ctx::new(entry_point, RequestId::make(&self.world), self.now())
    }

    /// The context of what the server does by itself.
    pub fn server_ctx(&self) -> Ctx {
        let principal = Principal::Root { account: self.settings.account.clone() };
        Ctx { principal, ..self.make_ctx(EntryPoint::Server) }
    }
}
