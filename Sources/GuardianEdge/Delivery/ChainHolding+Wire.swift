import GuardianCore
import GuardianJournal
import GuardianWire

extension ChainHolding {
    /// `nil` for what no node has: its numbers are not checked by anybody else.
    package init?(_ holding: Guardian_V1_ChainHolding) {
        guard let chain = ChainID(holding.chain), let stored = Plausible.sequence.checked(holding.stored),
            let through = Plausible.sequence.checked(holding.through), through <= stored
        else { return nil }
        self.init(chain: chain, stored: stored, through: through)
    }
}
