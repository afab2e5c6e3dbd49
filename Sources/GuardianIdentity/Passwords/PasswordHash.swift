import CSodium
import Foundation
import GuardianCore

/// What is stored of a password: Argon2id's result with its salt and cost.
package struct PasswordHash: Hashable, Sendable {
    package static let saltSize = 16
    static let size = 32

    package let cost: PasswordCost
    let salt: [UInt8]
    let bytes: [UInt8]

    /// Computes the hash, which takes as long as the cost demands. Blocks the calling thread.
    ///
    /// - Throws: `resourceExhausted` when there is not enough memory.
    package init(of password: Secret<String>, cost: PasswordCost, salt: [UInt8]) throws {
        self.cost = cost
        self.salt = salt
        bytes = try Self.derive(password, cost, salt)
    }

    private init(cost: PasswordCost, salt: [UInt8], bytes: [UInt8]) {
        self.cost = cost
        self.salt = salt
        self.bytes = bytes
    }

    /// Whether this is the password. Takes as long as the cost demands, and blocks the calling thread.
    ///
    /// - Throws: `resourceExhausted` when there is not enough memory.
    package func matches(_ password: Secret<String>) throws -> Bool {
        var other = try Self.derive(password, cost, salt)
        defer { other.wipe() }
        return sodium_memcmp(bytes, other, bytes.count) == 0
    }

    private static func derive(_ password: Secret<String>, _ cost: PasswordCost, _ salt: [UInt8]) throws -> [UInt8] {
        var text = PasswordRules.normalised(password.reveal()).utf8.map { CChar(bitPattern: $0) }
        defer { text.wipe() }
        guard salt.count == saltSize, cost.isWithinLimits, sodium_init() >= 0 else {
            throw GuardianError(.internal, "A password could not be hashed.")
        }
        var bytes = [UInt8](repeating: 0, count: size)
        let status = crypto_pwhash(
            &bytes, UInt64(size), text, UInt64(text.count), salt, UInt64(cost.passes), cost.memory << 10,
            crypto_pwhash_ALG_ARGON2ID13)
        guard status == 0 else {
            throw GuardianError(
                .resourceExhausted,
                "Checking a password needs \(cost.memory >> 10) MiB of memory, which is not available; try again later."
            )
        }
        return bytes
    }
}

// MARK: - PHC string format

extension PasswordHash {
    /// `$argon2id$v=19$m=65536,t=3,p=1$salt$hash`
    /// (https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md), as other programs read it too.
    package var text: String {
        "$argon2id$v=19$m=\(cost.memory),t=\(cost.passes),p=1$\(Self.base64(salt))$\(Self.base64(bytes))"
    }

    /// `nil` for every text that `text` does not produce.
    package init?(text: String) {
        guard text.utf8.count <= 256 else { return nil }
        let fields = text.split(separator: "$", omittingEmptySubsequences: false)
        guard fields.count == 6, fields[0].isEmpty, fields[1] == "argon2id", fields[2] == "v=19" else { return nil }
        let parameters = fields[3].split(separator: ",", omittingEmptySubsequences: false)
        guard parameters.count == 3, parameters[2] == "p=1",
            let memory = Self.number(parameters[0], "m="), let passes = Self.number(parameters[1], "t="),
            let salt = Self.bytes(fields[4]), salt.count == Self.saltSize,
            let bytes = Self.bytes(fields[5]), bytes.count == Self.size
        else { return nil }
        self.init(cost: PasswordCost(passes: passes, memory: memory), salt: salt, bytes: bytes)
        guard cost.isWithinLimits, self.text == text else { return nil }
    }

    private static func number(_ text: Substring, _ prefix: String) -> Int? {
        text.hasPrefix(prefix) ? Int(text.dropFirst(prefix.count)) : nil
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("=", with: "")
    }

    private static func bytes(_ text: Substring) -> [UInt8]? {
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        return Data(base64Encoded: text + padding).map(Array.init)
    }
}
