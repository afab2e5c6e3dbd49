import GuardianMedia

extension EdgeConfiguration {
    /// How everything is recorded: what somebody set, and the usual values of the rest.
    public struct RecordingConfiguration: Sendable, Hashable {
        /// What was set.
        public let form: RecordingForm

        /// Seconds of pre-roll.
        public var preRoll: Int { number(.preRoll) ?? RecordingLimits.preRoll.usual }
        /// Seconds of post-roll.
        public var postRoll: Int { number(.postRoll) ?? RecordingLimits.postRoll.usual }
        /// Longest clip in seconds; the next clip continues it.
        public var maximum: Int { number(.maximum) ?? RecordingLimits.maximum.usual }
        /// Whether everything is recorded while a camera is not analysed.
        public var unanalysed: Bool { form.value(of: .unanalysed).flag ?? true }
        /// MiB that stay free on the disk.
        public var keepFreeMegabytes: Int { number(.keepFreeMegabytes) ?? RecordingLimits.keepFree.usual }
        /// Bytes that stay free on the disk.
        public var keepFree: Int64 { Int64(keepFreeMegabytes) << 20 }
        /// Days after which clips are deleted; `nil`: only when their room is needed.
        public var keepDays: Int? { number(.keepDays) }

        package init(form: RecordingForm) { self.form = form }

        private func number(_ setting: RecordingSetting) -> Int? { form.value(of: setting).number }
    }
}

extension RecordingSettings {
    init(_ recording: EdgeConfiguration.RecordingConfiguration, padding: FragmentPadding?) {
        self.init(
            preRoll: .seconds(recording.preRoll), postRoll: .seconds(recording.postRoll),
            maximum: .seconds(recording.maximum), padding: padding)
    }
}
