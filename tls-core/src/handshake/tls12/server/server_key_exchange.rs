use super::super::agreed::Agreed;
use super::super::kx::{Ours, Start};
use super::Server12;
use super::client_auth::end_flight;
use crate::crypto::{Answer, Presence};
use crate::error::{Reason, Result};
use crate::handshake::effect::Effects;
use crate::handshake::question::signature;
use crate::handshake::{Env, Question};
use crate::msg::certificate_verify::DigitallySigned;
use crate::wire::{HandshakeType, SignatureScheme};

/// Draws our half; sends ServerKeyExchange, where there is one, once it is signed, where it is.
pub(super) fn start(
    start: Start,
    scheme: Option<SignatureScheme>,
    mut agreed: Box<Agreed>,
    env: Env<'_>,
    fx: &mut Effects,
) -> Result<Server12> {
    let row = start.kind.row();
    let key = start.key.clone();
    let ours = Ours::start(start, env, fx)?;
    agreed.keep.exchange.group = ours.group();
    let hint = &env.config.psk_hint[..];
    let silent = match row.server_key_exchange {
        Presence::Always => false,
        Presence::Optional => hint.is_empty(),
        Presence::Never => true,
    };
    if silent {
        return end_flight(agreed, ours, env, fx);
    }
    if !row.signed {
        send(&mut agreed, &ours, None, env, fx);
        return end_flight(agreed, ours, env, fx);
    }
    let scheme = scheme.ok_or(Reason::Bug)?;
    agreed.scheme(scheme, fx);
    let message = agreed.signed_params(|out| ours.params(hint, out));
    fx.ask(Question::Sign {
        key: key.ok_or(Reason::Bug)?,
        scheme,
        message,
    });
    Ok(Server12::Signature(ExpectSignature {
        agreed,
        ours,
        scheme,
    }))
}

/// Our key signs the parameters.
pub(crate) struct ExpectSignature {
    agreed: Box<Agreed>,
    ours: Ours,
    scheme: SignatureScheme,
}

impl ExpectSignature {
    /// RFC 5246 §7.4.3, RFC 8422 §5.4
    pub(super) fn on_answer(
        mut self,
        answer: Answer,
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Server12> {
        let signature = signature(answer)?;
        let signed = DigitallySigned {
            scheme: self.scheme,
            signature: &signature,
        };
        send(&mut self.agreed, &self.ours, Some(signed), env, fx);
        end_flight(self.agreed, self.ours, env, fx)
    }
}

fn send(
    agreed: &mut Agreed,
    ours: &Ours,
    signed: Option<DigitallySigned<'_>>,
    env: Env<'_>,
    fx: &mut Effects,
) {
    fx.message(
        &mut agreed.transcript,
        HandshakeType::SERVER_KEY_EXCHANGE,
        |out| {
            ours.params(&env.config.psk_hint, out);
            if let Some(signed) = signed {
                signed.encode(out);
            }
        },
    );
}
