import GuardianCore
import GuardianTestKit
import Logging

import GuardianONVIF

/// 2026-11-26T12:00:00Z.
let noon = Timestamp(milliseconds: 1_795_694_400_000)

/// Runs `body` with a client that may ask this machine, and closes it.
func withClient<Value: Sendable>(
    rules: AddressRules = AddressRules(allowsLoopback: true), clock: any MonotonicClock = SystemMonotonicClock(),
    logger: Logger = LogBook().logger, _ body: (ONVIFClient) async throws -> Value
) async throws -> Value {
    let client = ONVIFClient(rules: rules, clock: clock, wallClock: ManualClock(noon), logger: logger)
    do {
        let value = try await body(client)
        try await client.close()
        return value
    } catch {
        try await client.close()
        throw error
    }
}

extension HTTPDevice {
    var address: CameraAddress { CameraAddress(host: "127.0.0.1", port: port) }

    /// The passwords, or answers to challenges, that it was sent.
    var logins: Int {
        requests.count { $0.headers.contains(name: "Authorization") || $0.body.contains("UsernameToken") }
    }
}

extension CameraLogin {
    static let right = CameraLogin(name: "admin", password: Secret("pass"))
    static let wrong = CameraLogin(name: "admin", password: Secret("guess"))
}

/// What a function threw as its cause; `nil` when it returned.
func failure<Value>(_ body: () async throws -> Value) async -> CameraFailure? {
    do {
        _ = try await body()
        return nil
    } catch { return (error as? CameraFailure) ?? ((error as? GuardianError)?.cause as? CameraFailure) }
}
