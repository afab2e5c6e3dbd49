import Crypto
import Foundation
import GuardianArchive
import GuardianCore
import Testing

/// Searches this process's writable memory for bytes, without holding them in clear itself.
private enum Memory {
    /// Counts how often the bytes `masked ^ mask` are in memory.
    static func occurrences(of masked: [UInt8], under mask: UInt8) throws -> Int {
        let memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC)
        guard memory >= 0 else { throw GuardianError(.unavailable, "The process cannot read its memory.") }
        defer { close(memory) }
        let size = 1 << 16
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size + masked.count, alignment: 16)
        defer { buffer.deallocate() }
        guard let base = buffer.baseAddress else { return 0 }
        let own = UInt(bitPattern: base)..<UInt(bitPattern: base) + UInt(buffer.count)
        var found = 0
        for line in try String(contentsOfFile: "/proc/self/maps", encoding: .utf8).split(separator: "\n") {
            let fields = line.split(separator: " ")
            let bounds = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard fields[1].hasPrefix("rw"), bounds.count == 2 else { continue }
            var place = bounds[0]
            while place < bounds[1] {
                let wanted = min(UInt(size + masked.count - 1), bounds[1] - place)
                let got = pread(memory, base, Int(wanted), off_t(bitPattern: place))
                if got > 0 {
                    found += count(of: masked, under: mask, in: UnsafeRawBufferPointer(rebasing: buffer[..<got])) {
                        !own.contains(place + UInt($0))
                    }
                }
                place += UInt(size)
            }
        }
        // The next search must not find what this one copied here.
        buffer.initializeMemory(as: UInt8.self, repeating: 0)
        return found
    }

    private static func count(
        of masked: [UInt8], under mask: UInt8, in bytes: UnsafeRawBufferPointer, where counts: (Int) -> Bool
    ) -> Int {
        guard bytes.count >= masked.count else { return 0 }
        var found = 0
        for place in 0...(bytes.count - masked.count) where bytes[place] ^ mask == masked[0] {
            if counts(place), masked.indices.allSatisfy({ bytes[place + $0] ^ mask == masked[$0] }) { found += 1 }
        }
        return found
    }
}

@Suite("Keys are wiped from memory", .serialized)
struct WipingSerialTests {
    @Test("the clip key is nowhere in memory once sealing has begun, nor the segments' key once it has ended")
    func clipKey() throws {
        let sample = try Sample()
        let mask: UInt8 = 0xA5
        let masked = (0..<32).map { _ in UInt8.random(in: 0...255) }
        var sealer: ClipSealer? = try Self.sealer(sample, masked, mask)
        let opening = try #require(sealer).opening
        let bind = try #require(sealer).prefix.bind
        let salt = Array(opening[(opening.count - 39)..<(opening.count - 7)])
        _ = try sealer?.append(Dice.some(20_000))
        #expect(try Memory.occurrences(of: masked, under: mask) == 0)
        let segmentKey = Self.segmentKey(masked, mask, salt, bind)
        // While sealing, the key is in memory: this proves that the search finds it.
        #expect(try Memory.occurrences(of: segmentKey, under: mask) > 0)
        _ = try sealer?.finish()
        #expect(try Memory.occurrences(of: segmentKey, under: mask) == 0)
        sealer = nil
        #expect(try Memory.occurrences(of: masked, under: mask) == 0)
    }

    /// A separate function, so that no copy of the unmasked key remains in the test's stack frame.
    @inline(never)
    private static func sealer(_ sample: Sample, _ masked: [UInt8], _ mask: UInt8) throws -> ClipSealer {
        var key = masked.map { $0 ^ mask }
        defer { for place in key.indices { key[place] = 0 } }
        return try ClipSealer(
            sample.fields(), to: [sample.owner.xWing, sample.owner.x25519], signer: sample.signer, clipKeyBytes: key)
    }

    @inline(never)
    private static func segmentKey(_ masked: [UInt8], _ mask: UInt8, _ salt: [UInt8], _ bind: Hash256) -> [UInt8] {
        var key = masked.map { $0 ^ mask }
        defer { for place in key.indices { key[place] = 0 } }
        let derived = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: key), salt: salt, info: bind.bytes, outputByteCount: 32)
        return derived.withUnsafeBytes { $0.map { $0 ^ mask } }
    }
}
