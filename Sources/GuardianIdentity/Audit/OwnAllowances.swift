import GuardianCore
import Synchronization

/// How many entries each account may cause about itself: some at once, and then one now and then. Otherwise anybody with an account
/// could log in, or make and revoke tokens, until the log holds nothing else.
///
/// What others decide about an account, and what managers do, is not counted. Everything is in memory: a restart forgets it.
final class OwnAllowances: Sendable {
    private struct Allowances {
        /// Of what is not refused, such as a login: beyond it, entries are left out and counted.
        var told: AuditAllowance
        /// Of what somebody changes: beyond it, it is refused, so that nothing is changed unseen.
        var changes: AuditAllowance
        /// Of what somebody was refused: beyond it, entries are left out and counted.
        var refusals: AuditAllowance
    }

    /// Accounts that are remembered; more than there can be, because removed ones stay for a while.
    private static let limit = 2_048

    private let clock: any MonotonicClock
    private let settings: IdentitySettings
    private let accounts = Mutex<[AccountID: Allowances]>([:])

    init(settings: IdentitySettings, clock: any MonotonicClock) {
        self.settings = settings
        self.clock = clock
    }

    /// Returns how many entries about the account were left out since the last one; `nil` when this one is to be left out too.
    func tell(_ account: AccountID) -> Int? { allowances(of: account).told.take() }

    /// As `tell`, of what the account was refused.
    func refuse(_ account: AccountID) -> Int? { allowances(of: account).refusals.take() }

    /// - Throws: `resourceExhausted`, with the seconds to wait as `retryAfter` in the context.
    func change(_ account: AccountID) throws {
        guard allowances(of: account).changes.take() == nil else { return }
        let seconds = max(1, settings.ownEntryInterval.milliseconds / 1000)
        throw GuardianError(
            .resourceExhausted,
            "This account's password, codes, links, tokens and passkeys were changed very often; try again in \((seconds + 59) / 60) min.",
            context: ["retryAfter": "\(seconds)"])
    }

    private func allowances(of account: AccountID) -> Allowances {
        accounts.withLock { accounts in
            if let known = accounts[account] { return known }
            if accounts.count >= Self.limit, let any = accounts.keys.first { accounts[any] = nil }
            let new = Allowances(
                told: allowance(), changes: allowance(),
                refusals: AuditAllowance(
                    clock: clock, most: settings.refusalsAtOnce, interval: settings.refusalInterval))
            accounts[account] = new
            return new
        }
    }

    private func allowance() -> AuditAllowance {
        AuditAllowance(clock: clock, most: settings.ownEntriesAtOnce, interval: settings.ownEntryInterval)
    }
}
