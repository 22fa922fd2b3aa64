use core::marker::PhantomData;
use core::mem::MaybeUninit;

/// Input and output of the same length, which are either apart or one and the same memory. Kernels
/// work through its pointers, since no pair of references can say "or the same".
pub(crate) struct InOut<'a> {
    input: *const u8,
    output: *mut u8,
    len: usize,
    borrows: PhantomData<(&'a [u8], &'a mut [u8])>,
}

impl<'a> InOut<'a> {
    /// Panics when the lengths differ.
    pub(crate) fn apart(input: &'a [u8], output: &'a mut [u8]) -> Self {
        assert_eq!(input.len(), output.len(), "output length");
        Self::new(input.as_ptr(), output.as_mut_ptr(), input.len())
    }

    /// Panics when the lengths differ.
    pub(crate) fn uninit(input: &'a [u8], output: &'a mut [MaybeUninit<u8>]) -> Self {
        assert_eq!(input.len(), output.len(), "output length");
        Self::new(input.as_ptr(), output.as_mut_ptr().cast(), input.len())
    }

    /// The output replaces the input.
    pub(crate) fn in_place(buf: &'a mut [u8]) -> Self {
        let (pointer, len) = (buf.as_mut_ptr(), buf.len());
        Self::new(pointer, pointer, len)
    }

    fn new(input: *const u8, output: *mut u8, len: usize) -> Self {
        Self {
            input,
            output,
            len,
            borrows: PhantomData,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Readable for [`Self::len`] bytes.
    pub(crate) fn input(&self) -> *const u8 {
        self.input
    }

    /// Writable for [`Self::len`] bytes.
    pub(crate) fn output(&self) -> *mut u8 {
        self.output
    }
}
