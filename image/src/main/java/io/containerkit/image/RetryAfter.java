package io.containerkit.image;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The `Retry-After` header: seconds, or a date in one of the three forms that HTTP has (RFC 9110, sections 10.2.3 and 5.6.7).
final class RetryAfter {

  private static final List<DateTimeFormatter> DATES =
      List.of(
          DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH),
          new DateTimeFormatterBuilder()
              .appendPattern("EEEE, dd-MMM-")
              // Two digits are the year of this century; the form is older than the last one's end.
              .appendValueReduced(ChronoField.YEAR, 2, 2, 2000)
              .appendPattern(" HH:mm:ss 'GMT'")
              .toFormatter(Locale.ENGLISH),
          DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.ENGLISH));

  private RetryAfter() {}

  /// The pause that the header asks for, zero for a moment that has passed; empty where it cannot be understood.
  static Optional<Duration> parse(String header, Instant now) {
    var text = header.strip();
    if (text.matches("[0-9]{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
    }
    for (var form : DATES) {
      try {
        var moment = form.withZone(ZoneOffset.UTC).parse(text, Instant::from);
        var pause = Duration.between(now, moment);
        return Optional.of(pause.isNegative() ? Duration.ZERO : pause);
      } catch (DateTimeException _) {
        // Not of this form: the next.
      }
    }
    return Optional.empty();
  }
}
