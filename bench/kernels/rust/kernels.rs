// Kernels in Rust for the cost of metering: each takes a size and answers a checksum. Built as ../README.md says.
#![no_std]
#![crate_type = "cdylib"]

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}

static mut BYTES: [u8; 1 << 20] = [0; 1 << 20];
static mut WORDS: [u32; 1 << 17] = [0; 1 << 17];

struct Random(u32);

impl Random {
    fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(1664525).wrapping_add(1013904223);
        self.0 >> 8
    }
}

/// SipHash-like mixing of a slice.
#[no_mangle]
pub extern "C" fn rust_siphash(n: u32) -> u32 {
    let bytes = unsafe { &mut BYTES };
    let mut v = [0x736f6d6570736575u64, 0x646f72616e646f6d, 0x6c7967656e657261, 0x7465646279746573];
    for _ in 0..n {
        for chunk in bytes[..65536].chunks_exact(8) {
            let m = u64::from_le_bytes([chunk[0], chunk[1], chunk[2], chunk[3], chunk[4], chunk[5], chunk[6], chunk[7]]);
            v[3] ^= m;
            for _ in 0..2 {
                v[0] = v[0].wrapping_add(v[1]);
                v[1] = v[1].rotate_left(13) ^ v[0];
                v[2] = v[2].wrapping_add(v[3]);
                v[3] = v[3].rotate_left(16) ^ v[2];
                v[0] = v[0].rotate_left(32).wrapping_add(v[3]);
                v[3] = v[3].rotate_left(21) ^ v[0];
                v[2] = v[2].wrapping_add(v[1]);
                v[1] = v[1].rotate_left(17) ^ v[2];
            }
            v[0] ^= m;
        }
        bytes[0] = v[0] as u8;
    }
    (v[0] ^ v[1] ^ v[2] ^ v[3]) as u32
}

/// The standard library's unstable sort.
#[no_mangle]
pub extern "C" fn rust_sort(n: u32) -> u32 {
    let words = unsafe { &mut WORDS[..n as usize] };
    let mut random = Random(9);
    for word in words.iter_mut() {
        *word = random.next();
    }
    words.sort_unstable();
    words[words.len() / 2]
}

#[derive(Clone, Copy)]
enum Token {
    Number(u32),
    Operator(u8),
    Open,
    Close,
    End,
}

struct Parser<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Parser<'a> {
    fn token(&mut self) -> Token {
        let byte = match self.text.get(self.at) {
            Some(&byte) => byte,
            None => return Token::End,
        };
        self.at += 1;
        match byte {
            b'(' => Token::Open,
            b')' => Token::Close,
            b'0'..=b'9' => {
                let mut value = u32::from(byte - b'0');
                while let Some(&digit @ b'0'..=b'9') = self.text.get(self.at) {
                    value = value.wrapping_mul(10).wrapping_add(u32::from(digit - b'0'));
                    self.at += 1;
                }
                Token::Number(value)
            }
            operator => Token::Operator(operator),
        }
    }

    fn atom(&mut self) -> u32 {
        match self.token() {
            Token::Number(value) => value,
            Token::Open => {
                let value = self.expression(0);
                self.token();
                value
            }
            _ => 0,
        }
    }

    fn expression(&mut self, least: u8) -> u32 {
        let mut left = self.atom();
        loop {
            let before = self.at;
            let operator = match self.token() {
                Token::Operator(operator) => operator,
                _ => {
                    self.at = before;
                    return left;
                }
            };
            let binding = if operator == b'+' || operator == b'-' { 1 } else { 2 };
            if binding <= least {
                self.at = before;
                return left;
            }
            let right = self.expression(binding);
            left = match operator {
                b'+' => left.wrapping_add(right),
                b'-' => left.wrapping_sub(right),
                _ => left.wrapping_mul(right),
            };
        }
    }
}

/// Parses and evaluates arithmetic by precedence.
#[no_mangle]
pub extern "C" fn rust_parser(n: u32) -> u32 {
    let bytes = unsafe { &mut BYTES };
    let pattern = b"12+(7*31-4)*2+88*(1+2*3)-";
    let length = pattern.len() * n as usize;
    for (index, byte) in bytes[..length].iter_mut().enumerate() {
        *byte = pattern[index % pattern.len()];
    }
    Parser { text: &bytes[..length - 1], at: 0 }.expression(0)
}

#[derive(Clone, Copy)]
enum Instruction {
    Add(u8, u8),
    Xor(u8, u8),
    Shift(u8, u8),
    Load(u8, u8),
    Store(u8, u8),
    SkipIfOdd(u8),
    Set(u8, u32),
}

/// Interprets a register machine.
#[no_mangle]
pub extern "C" fn rust_machine(n: u32) -> u32 {
    use Instruction::*;
    let memory = unsafe { &mut WORDS };
    let program = [
        Set(0, 77), Add(1, 0), Xor(2, 1), SkipIfOdd(1), Shift(3, 1), Store(2, 1), Load(4, 3), Add(3, 4), SkipIfOdd(2), Xor(1, 3), Add(5, 2),
        Load(6, 5), Xor(7, 6), Store(7, 5),
    ];
    let mut registers = [1u32; 8];
    let mut at = 0;
    for _ in 0..n {
        match program[at] {
            Add(a, b) => registers[a as usize & 7] = registers[a as usize & 7].wrapping_add(registers[b as usize & 7]),
            Xor(a, b) => registers[a as usize & 7] ^= registers[b as usize & 7],
            Shift(a, b) => registers[a as usize & 7] = registers[b as usize & 7] >> 3,
            Load(a, b) => registers[a as usize & 7] = memory[registers[b as usize & 7] as usize & 0xffff],
            Store(a, b) => memory[registers[b as usize & 7] as usize & 0xffff] = registers[a as usize & 7],
            SkipIfOdd(a) => at += (registers[a as usize & 7] & 1) as usize,
            Set(a, value) => registers[a as usize & 7] = registers[a as usize & 7].wrapping_add(value),
        }
        at += 1;
        if at >= program.len() {
            at = 0;
        }
    }
    registers.iter().fold(0, |sum, register| sum ^ register)
}
