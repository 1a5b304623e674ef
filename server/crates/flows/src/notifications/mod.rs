//! Messages: whose they are, what they carry, how they go out.

pub(crate) mod outbox;

use std::collections::BTreeMap;

use domain::{Client, Delivery, Error, Medium, Pool, PoolDomain, Reason, Result, User, Username};
use messages::{Brand, Kind, Message, Picture, QueueSlot, Values};
use triggers::{CustomMessage, CustomSender, Hook, MessageSource};

use crate::{ClientContext, Latchkey};

/// Who a message is from: the pool, and the client that asked for it where one did.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sender<'a> {
    pub(crate) pool: &'a Pool,
    pub(crate) client: Option<&'a Client>,
}

impl<'a> From<&'a ClientContext> for Sender<'a> {
    fn from(app: &'a ClientContext) -> Self {
        Self { pool: &app.pool, client: Some(&app.client) }
    }
}

impl<'a> From<&'a Pool> for Sender<'a> {
    fn from(pool: &'a Pool) -> Self {
        Self { pool, client: None }
    }
}

/// A code for somebody, to be worded.
#[derive(Clone, Copy)]
pub(crate) struct Notification<'a> {
    pub(crate) sender: Sender<'a>,
    pub(crate) kind: Kind,
    pub(crate) delivery: &'a Delivery,
    pub(crate) username: &'a str,
    pub(crate) code: &'a str,
}

/// How a message with a code leaves.
#[derive(Debug)]
pub(crate) enum Sending {
    /// The caller waits, and learns whether it did.
    Awaited,
    /// The caller must not learn whether there is anybody to write to: the message waits in the slot that was taken
    /// before anybody was looked up.
    Unseen(QueueSlot),
}

/// Why a message did not leave.
pub(crate) struct Failure {
    /// For the caller.
    pub(crate) error: Error,
    /// For the operator: it names no address and quotes nothing of the message.
    pub(crate) reason: String,
    /// Whether it would fail again.
    pub(crate) is_permanent: bool,
}

impl Latchkey {
    /// How a message is sent for an app that asks by name, which may hide who exists. To be asked before the user is
    /// looked up.
    ///
    /// # Errors
    /// `TooManyRequestsException` while too many messages wait.
    pub(crate) fn begin_sending(&self, app: &ClientContext) -> Result<Sending> {
        if !app.client.hides_unknown_users() {
            return Ok(Sending::Awaited);
        }
        let slot = self.outbox.reserve();
        slot.map(Sending::Unseen)
            .ok_or_else(|| Error::from(Reason::Busy).with_detail("too many messages wait to be sent"))
    }

    /// Words a message and waits until it has left, without a slot in the outbox: for codes that are of use only to
    /// a caller who is answered.
    ///
    /// # Errors
    /// As [`Latchkey::deliver`].
    pub(crate) async fn send(&self, notification: Notification<'_>) -> Result<()> {
        self.try_send(notification).await.map_err(|failure| failure.error)
    }

    /// The same, telling whether it may be tried again.
    pub(crate) async fn try_send(&self, notification: Notification<'_>) -> Result<(), Failure> {
        let message = self.render(&notification).await.map_err(|error| {
            tracing::error!(purpose = notification.kind.as_str(), %error, "a message could not be worded");
            Failure { is_permanent: !error.is_internal(), reason: "the message could not be worded".to_owned(), error }
        })?;
        self.outbox.send(message).await.map_err(|refusal| Failure {
            is_permanent: refusal.is_permanent(),
            reason: refusal.to_string(),
            error: Error::from(Reason::CodeNotDelivered).with_detail(refusal),
        })
    }

    async fn render(&self, notification: &Notification<'_>) -> Result<Message> {
        let Notification { sender, kind, delivery, username, code } = *notification;
        self.run_message_hooks(notification).await?;
        let link = match sender.client {
            Some(client) if delivery.medium == Medium::Email && messages::confirms_by_link(sender.pool, kind) => {
                Some(self.confirmation_link(sender.pool, client, username, code).await?)
            }
            _ => None,
        };
        let values = Values { username, code, link: link.as_deref() };
        let brand = self.mail_brand(sender.pool, sender.client.map(|client| &client.id)).await?;
        let logo = brand.logo.map(|logo| Picture { media_type: logo.media_type.to_owned(), bytes: logo.bytes.into() });
        Ok(messages::render(sender.pool, kind, delivery, &values, &Brand { name: brand.name, logo }))
    }

    /// Asks the pool's functions that word or send a message in its place. Only for them is the user read.
    async fn run_message_hooks(&self, notification: &Notification<'_>) -> Result<()> {
        let Notification { sender: Sender { pool, client }, kind, delivery, username, code } = *notification;
        let sender_hook = match delivery.medium {
            Medium::Email => Hook::CustomEmailSender,
            Medium::Sms => Hook::CustomSmsSender,
        };
        if !Hook::CustomMessage.is_configured(pool) && !sender_hook.is_configured(pool) {
            return Ok(());
        }
        let (id, name) = (pool.id.clone(), Username::from(username));
        let user = self.store.read(move |r| r.user(&id, &name).map_err(Error::from)).await?;
        let (user, source) = (user.ok_or(Reason::UserNotFound)?, source(kind));
        // A message may wait in the outbox longer than its call: what the app sent along is not kept yet.
        let nothing = BTreeMap::new();
        let call = triggers::Call {
            pool,
            client: client.map(|client| &client.id),
            username,
            client_metadata: &nothing,
            validation_data: &nothing,
        };
        self.triggers.custom_message(&call, &CustomMessage { source, user: &user }).await?;
        let event = CustomSender { source, user: &user, code };
        match delivery.medium {
            Medium::Email => self.triggers.custom_email_sender(&call, &event).await?,
            Medium::Sms => self.triggers.custom_sms_sender(&call, &event).await?,
        };
        Ok(())
    }

    /// The address that confirms a sign-up when it is opened: Cognito's path and parameters, on the pool's own host
    /// name. A prefix domain's name is not everywhere to be found, nor is a host name in development: the main host
    /// stands in.
    async fn confirmation_link(&self, pool: &Pool, client: &Client, username: &str, code: &str) -> Result<String> {
        let id = pool.id.clone();
        let domains = self.store.read(move |r| r.domains_of_pool::<PoolDomain>(&id).map_err(Error::from)).await?;
        let own = domains.into_iter().find(|(_, domain)| domain.is_custom() && !self.settings.dev);
        let base = match own {
            Some((name, _)) => format!("https://{name}"),
            None => self.settings.base_url.clone(),
        };
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", client.id.as_str())
            .append_pair("user_name", username)
            .append_pair("confirmation_code", code)
            .finish();
        Ok(format!("{base}/confirmUser?{query}"))
    }
}

/// What the pool's functions are told that a message is for.
fn source(kind: Kind) -> MessageSource {
    match kind {
        Kind::SignUp => MessageSource::SignUp,
        Kind::ResendCode => MessageSource::ResendCode,
        Kind::ForgotPassword => MessageSource::ForgotPassword,
        Kind::VerifyUserAttribute => MessageSource::VerifyUserAttribute,
        Kind::Invitation => MessageSource::AdminCreateUser,
        Kind::Authentication => MessageSource::Authentication,
    }
}

impl ClientContext {
    /// Whether sign-ups are confirmed by the link of a mail, where the message goes this way.
    pub fn confirms_by_link(&self, medium: Medium) -> bool {
        medium == Medium::Email && messages::confirms_by_link(&self.pool, Kind::SignUp)
    }

    /// A message to one of the app's users.
    pub(crate) fn notification<'a>(
        &'a self,
        user: &'a User,
        kind: Kind,
        delivery: &'a Delivery,
        code: &'a str,
    ) -> Notification<'a> {
        Notification { sender: self.into(), kind, delivery, username: user.username.as_str(), code }
    }
}
