package io.containerkit.image;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// One of the ways to authenticate that a `WWW-Authenticate` header offers (RFC 9110, section 11.6.1).
///
/// @param scheme `basic`, `bearer`, in lower case
/// @param parameters by name in lower case
record Challenge(String scheme, Map<String, String> parameters) {

  Challenge {
    parameters = Map.copyOf(parameters);
  }

  String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }

  /// The challenges of the headers, in order. What cannot be understood is skipped: the next may be fine.
  static List<Challenge> parse(List<String> headers) {
    var challenges = new ArrayList<Challenge>();
    for (var header : headers) {
      new Parser(header, challenges).parse();
    }
    return challenges;
  }

  private static final class Parser {
    private final String text;
    private final List<Challenge> challenges;
    private int at;
    private String scheme = "";
    private Map<String, String> parameters = new LinkedHashMap<>();

    Parser(String text, List<Challenge> challenges) {
      this.text = text;
      this.challenges = challenges;
    }

    void parse() {
      while (true) {
        skip(" \t,");
        if (at == text.length()) {
          break;
        }
        var token = token();
        if (token.isEmpty()) {
          at++; // No token starts here: not worth more than going on.
          continue;
        }
        var afterToken = at;
        skip(" \t");
        if (at < text.length() && text.charAt(at) == '=') {
          at++;
          skip(" \t");
          parameters.putIfAbsent(token.toLowerCase(Locale.ROOT), value());
        } else {
          at = afterToken;
          finish();
          scheme = token.toLowerCase(Locale.ROOT);
        }
      }
      finish();
    }

    private void finish() {
      if (!scheme.isEmpty()) {
        challenges.add(new Challenge(scheme, parameters));
      }
      parameters = new LinkedHashMap<>();
    }

    private void skip(String characters) {
      while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }

    private String token() {
      var start = at;
      while (at < text.length() && " \t,=\"".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      return text.substring(start, at);
    }

    private String value() {
      if (at >= text.length() || text.charAt(at) != '"') {
        return token();
      }
      var value = new StringBuilder();
      for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
        if (text.charAt(at) == '\\' && at + 1 < text.length()) {
          at++;
        }
        value.append(text.charAt(at));
      }
      at++;
      return value.toString();
    }
  }
}
