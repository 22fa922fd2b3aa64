use super::wake::WakeUp;
use super::{KeyError, Psk, Secret, SignedBytes};
use crate::error::Error;
use crate::wire::Certificate;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The reply of something that may have to wait for the outside world.
#[derive(Debug)]
pub enum Reply<T> {
    /// The answer.
    Now(T),
    /// It will come through the [`Pending`] that was taken from [`Later`].
    Later,
}

/// An answer that came later.
#[derive(Debug)]
pub enum Answer {
    /// To any question: the operation failed.
    Failed(KeyError),
    /// To any question: nobody is left who could answer it.
    Never,
    /// To [`super::PrivateKey::sign`].
    Signature(Result<SignedBytes, KeyError>),
    /// To [`super::PrivateKey::decrypt_raw`].
    Decrypted(Result<Secret, KeyError>),
    /// Of a verifier on the peer's chain: the path that verified, leaf first.
    Verdict(Result<Arc<[Certificate]>, Error>),
    /// On a ClientHello: made from a `config::HelloDecision`, of which this floor knows nothing.
    Hello(Box<dyn core::any::Any + Send>),
    /// Of a [`Reviewer`](crate::cert::Reviewer) on that verdict.
    Ruling(Ruling),
    /// Of a session store: what it keeps under the session ID, if anything.
    Session(Option<Secret>),
    /// Of [`super::PskKeys`]: the key, if there is one.
    Psk(Option<Psk>),
}

/// What becomes of a verdict on the peer's chain.
#[derive(Clone, Debug)]
pub enum Ruling {
    /// It stands, whatever it is.
    Stands,
    /// The chain is refused, with an error of the certificate family.
    Refused(Error),
    /// DANGER: the chain is accepted though the verifier refused it. Nothing is then called verified.
    /// Of a chain that the verifier accepted it says no more than [`Ruling::Stands`].
    DangerAccepted,
}

/// What a question asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AnswerKind {
    /// [`Answer::Signature`]
    Signature,
    /// [`Answer::Decrypted`]
    Decryption,
    /// [`Answer::Verdict`]
    Verdict,
    /// [`Answer::Hello`]
    Hello,
    /// [`Answer::Ruling`]
    Ruling,
    /// [`Answer::Session`]
    Session,
    /// [`Answer::Psk`]
    Psk,
}

#[derive(Default)]
enum Slot {
    #[default]
    Waiting,
    Ready(Answer),
    Taken,
}

/// A question that waits for its answer. Shared between the connection and whoever answers; it
/// outlives either. Answering may happen once, from any thread, also when the connection is gone.
#[derive(Default)]
pub struct Pending {
    kind: Option<AnswerKind>,
    slot: Mutex<Slot>,
    wake: WakeUp,
}

impl Pending {
    /// What is asked for; `None` where nobody said.
    pub fn kind(&self) -> Option<AnswerKind> {
        self.kind
    }

    /// Stores the answer and calls the wake-up. `Err` gives the answer back when there was one
    /// already. An answer of another kind than [`Pending::kind`] fails the connection.
    pub fn answer(&self, answer: Answer) -> Result<(), Answer> {
        {
            let mut slot = self.slot.lock().unwrap_or_else(PoisonError::into_inner);
            match *slot {
                Slot::Waiting => *slot = Slot::Ready(answer),
                Slot::Ready(_) | Slot::Taken => return Err(answer),
            }
        }
        self.wake.call();
        Ok(())
    }

    /// Sets what [`Pending::answer`] calls after it has stored the answer; called at once when the
    /// answer is there already. It takes the place of an earlier one, which is not running any more
    /// when this returns (unless it is what calls this).
    pub fn set_waker(&self, wake: impl Fn() + Send + Sync + 'static) {
        self.wake.set(Some(Box::new(wake)));
        if self.is_answered() {
            self.wake.call();
        }
    }

    /// Nothing is called from now on: waits for a wake-up that another thread has begun.
    pub fn clear_waker(&self) {
        self.wake.set(None);
    }

    /// Whether an answer was stored.
    pub fn is_answered(&self) -> bool {
        !matches!(
            *self.slot.lock().unwrap_or_else(PoisonError::into_inner),
            Slot::Waiting
        )
    }

    /// Whether the answer that is there says that the operation failed.
    pub fn has_failed(&self) -> bool {
        let slot = self.slot.lock().unwrap_or_else(PoisonError::into_inner);
        matches!(*slot, Slot::Ready(Answer::Failed(_) | Answer::Never))
    }

    pub(crate) fn take(&self) -> Option<Answer> {
        let mut slot = self.slot.lock().unwrap_or_else(PoisonError::into_inner);
        match core::mem::replace(&mut *slot, Slot::Taken) {
            Slot::Ready(answer) => Some(answer),
            other => {
                *slot = other;
                None
            }
        }
    }
}

impl core::fmt::Debug for Pending {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Pending")
            .field("answered", &self.is_answered())
            .finish()
    }
}

/// Handed to everything that may answer later; costs nothing when the answer is immediate.
#[derive(Debug, Default)]
pub struct Later {
    kind: Option<AnswerKind>,
    pending: OnceLock<Arc<Pending>>,
}

impl Later {
    /// For a question of this kind.
    pub fn new(kind: AnswerKind) -> Self {
        Self {
            kind: Some(kind),
            pending: OnceLock::new(),
        }
    }

    /// The slot for the answer, made at the first call.
    pub fn pending(&self) -> Arc<Pending> {
        let make = || {
            Arc::new(Pending {
                kind: self.kind,
                ..Pending::default()
            })
        };
        self.pending.get_or_init(make).clone()
    }

    /// Whether the slot was made: without it no answer can come.
    pub(crate) fn is_taken(&self) -> bool {
        self.pending.get().is_some()
    }

    pub(crate) fn into_pending(self) -> Option<Arc<Pending>> {
        self.pending.into_inner()
    }
}
