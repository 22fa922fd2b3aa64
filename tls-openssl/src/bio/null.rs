//! `BIO_s_null`: takes everything, has nothing.

use super::{BIO, Behaviour, Room, ctrl};
use core::ffi::{c_int, c_long, c_void};

pub(crate) struct Null;

impl Behaviour for Null {
    fn read(&self, _bio: &BIO, _room: Room<'_>) -> c_int {
        0
    }

    fn write(&self, _bio: &BIO, bytes: &[u8]) -> c_int {
        crate::args::count(bytes.len())
    }

    fn gets(&self, _bio: &BIO, _room: Room<'_>) -> c_int {
        0
    }

    unsafe fn ctrl(&self, bio: &BIO, cmd: c_int, num: c_long, _ptr: *mut c_void) -> c_long {
        match cmd {
            ctrl::RESET | ctrl::EOF | ctrl::SET => 1,
            ctrl::GET_CLOSE => 0,
            _ => super::common(bio, cmd, num),
        }
    }
}
