import Crypto
import Foundation
import GuardianCore
import Synchronization

/// Challenges that authenticators sign: each good once and for five minutes.
///
/// A challenge carries its end and a MAC over it and its purpose, so that nothing is kept of those that were handed out: however
/// many strangers ask for, nobody else's is pushed out. Only those that were used are remembered until their end, and only people
/// with an account can use one. The key is in memory: a restart ends them all.
package final class PasskeyChallenges: Sendable {
    /// What a challenge is for: one for a login makes no passkey, nor one of somebody else.
    enum Purpose: Sendable {
        case login
        case registration(AccountID, SessionID)

        fileprivate var bytes: [UInt8] {
            switch self {
            case .login: Array("guardian/passkey/login/v1".utf8)
            case .registration(let account, let session):
                Array("guardian/passkey/registration/v1 \(account) \(session)".utf8)
            }
        }
    }

    /// WebAuthn Level 2, 15.1 recommends five to ten minutes where a person is verified.
    package static let lifetime: Duration = .seconds(300)
    /// Used ones that are remembered. When there are more, further ones are refused until some have ended.
    static let limit = 4_096

    /// Bytes of randomness, at least 16 (WebAuthn Level 2, 13.4.3).
    private static let nonceSize = 16
    private static let endSize = 8
    private static let size = nonceSize + endSize + SHA256.byteCount

    private let clock: any MonotonicClock
    private let randomness: Randomness
    private let key: SymmetricKey
    private let start: ContinuousClock.Instant
    /// By nonce: milliseconds since `start` at which each ends.
    private let used = Mutex<[[UInt8]: Int64]>([:])

    init(clock: any MonotonicClock, randomness: Randomness) {
        self.clock = clock
        self.randomness = randomness
        key = SymmetricKey(data: randomness.bytes(32))
        start = clock.now()
    }

    func make(for purpose: Purpose) -> [UInt8] {
        let end = elapsed + Self.lifetime.milliseconds
        let content = randomness.bytes(Self.nonceSize) + withUnsafeBytes(of: end.bigEndian) { Array($0) }
        return content + code(of: content, for: purpose)
    }

    /// Whether a challenge is of this server, for this purpose, not used and not ended.
    func isOpen(_ challenge: [UInt8], for purpose: Purpose) -> Bool {
        guard let (nonce, _) = parts(of: challenge, for: purpose) else { return false }
        return used.withLock { $0[nonce] == nil }
    }

    /// Uses a challenge up. Of two who try at once, one succeeds.
    ///
    /// - Throws: `resourceExhausted` when too many were used within five minutes.
    func use(_ challenge: [UInt8], for purpose: Purpose) throws -> Bool {
        guard let (nonce, end) = parts(of: challenge, for: purpose) else { return false }
        let now = elapsed
        return try used.withLock { used in
            if used.count >= Self.limit { used = used.filter { $0.value > now } }
            guard used.count < Self.limit else {
                throw GuardianError(
                    .resourceExhausted, "Too many passkeys were used at once; try again in some minutes.",
                    context: ["retryAfter": "\(Self.lifetime.milliseconds / 1000)"])
            }
            guard used[nonce] == nil else { return false }
            used[nonce] = end
            return true
        }
    }

    private var elapsed: Int64 { start.duration(to: clock.now()).milliseconds }

    private func code(of content: [UInt8], for purpose: Purpose) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: content + purpose.bytes, using: key))
    }

    /// The nonce and the end; `nil` when the challenge is not ours or has ended.
    private func parts(of challenge: [UInt8], for purpose: Purpose) -> (nonce: [UInt8], end: Int64)? {
        guard challenge.count == Self.size else { return nil }
        let content = Array(challenge.prefix(Self.nonceSize + Self.endSize))
        let code = challenge.suffix(SHA256.byteCount)
        guard
            HMAC<SHA256>.isValidAuthenticationCode(
                Array(code), authenticating: content + purpose.bytes, using: key)
        else { return nil }
        let end = content.suffix(Self.endSize).reduce(Int64(0)) { $0 << 8 | Int64($1) }
        return end > elapsed ? (Array(content.prefix(Self.nonceSize)), end) : nil
    }
}
