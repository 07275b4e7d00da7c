# Reference numbers of two waves of the same students: ranks counted exactly, signs, correlation, shares, classes.
# Run in the folder that holds data/ and cases/: Rscript scripts/24_two_waves.R
suppressPackageStartupMessages({library(coin); library(exactRankTests); library(clubSandwich)})
json <- function(x) {
  if (is.null(x)) return("null")
  if (is.list(x)) {
    inner <- vapply(x, json, "")
    if (is.null(names(x))) return(paste0("[", paste(inner, collapse = ", "), "]"))
    return(paste0("{", paste0("\"", names(x), "\": ", inner, collapse = ",\n "), "}"))
  }
  if (is.character(x)) return(paste0("\"", x, "\""))
  if (is.na(x)) "null" else formatC(x, digits = 17, format = "g")
}
wilson <- function(x, n) prop.test(x, n, correct = FALSE)$conf.int
newcombe <- function(a, gained, lost, d) {
  n <- a + gained + lost + d; p1 <- (a + lost) / n; p2 <- (a + gained) / n
  w1 <- wilson(a + lost, n); w2 <- wilson(a + gained, n)
  excess <- a * d - gained * lost
  excess <- if (excess > n / 2) excess - n / 2 else if (excess < 0) excess else 0
  product <- (a + lost) * (gained + d) * (a + gained) * (lost + d)
  phi <- if (product > 0) excess / sqrt(product) else 0
  width <- function(x, y) sqrt(x^2 - 2 * phi * x * y + y^2)
  list(p2 - p1 - width(p2 - w2[1], w1[2] - p1), p2 - p1 + width(w2[2] - p2, p1 - w1[1]))
}
shares <- function(first, last) {
  a <- sum(first & last) + 0; gained <- sum(!first & last) + 0; lost <- sum(first & !last) + 0; d <- sum(!first & !last) + 0
  counts <- list(both = a, gained = gained, lost = lost, neither = d)
  exact <- binom.test(gained, gained + lost)$p.value
  list(counts = counts, exact = exact, mid_p = exact - dbinom(gained, gained + lost, 0.5) / (if (gained == lost) 2 else 1),
    difference = (gained - lost) / (a + gained + lost + d), newcombe = newcombe(a, gained, lost, d))
}
superiority <- function(d) {
  s <- (1 + sign(d)) / 2; n <- length(s); p <- mean(s); se <- sd(s) / sqrt(n) / (p * (1 - p)); t <- qlogis(p) / se
  half <- qt(0.975, n - 1) * se
  list(estimate = p, se_logit = se, t = t, p_t = 2 * pt(-abs(t), n - 1), ci_low = plogis(qlogis(p) - half), ci_high = plogis(qlogis(p) + half))
}
classes <- function(d, k) {
  m <- lm(d ~ 1); v <- vcovCR(m, k, "CR2"); row <- coef_test(m, v, test = "Satterthwaite"); ci <- conf_int(m, v)
  list(estimate = row$beta, se = row$SE, t = row$tstat, df = row$df_Satt, p = row$p_Satt, ci_low = ci$CI_L, ci_high = ci$CI_U)
}
case <- function(id, data, first, last, rows = NULL, cluster = NULL, above = NULL, decimals) {
  d <- read.csv(file.path("data", data), colClasses = "character")
  one <- as.numeric(d[[first]]); two <- as.numeric(d[[last]]); seen <- !is.na(one) & !is.na(two)
  k <- if (!is.null(cluster)) factor(d[[cluster]][seen]); one <- one[seen]; two <- two[seen]
  if (!is.null(rows)) { one <- head(one, rows); two <- head(two, rows); if (!is.null(k)) k <- factor(head(k, rows)) }
  x <- round(two - one, decimals); n <- length(x); tied <- any(x == 0) || anyDuplicated(abs(x)) > 0; small <- n <= 70
  nothing <- rep(0, n); r <- cor.test(one, two)
  asymptotic <- wilcoxsign_test(x ~ nothing, zero.method = "Pratt")
  expected <- list(n = n, r = list(value = unname(r$estimate), ci_low = r$conf.int[1], ci_high = r$conf.int[2]),
    pratt = list(z = as.numeric(statistic(asymptotic)), p = as.numeric(pvalue(asymptotic))),
    dropped_p = wilcox.test(x, exact = FALSE, correct = FALSE)$p.value,
    dropped_corrected_p = wilcox.test(x, exact = FALSE, correct = TRUE)$p.value,
    sign_test_p = binom.test(sum(x > 0), sum(x != 0))$p.value, superiority = superiority(x))
  if (small) {
    expected$pratt_exact_p <- as.numeric(pvalue(wilcoxsign_test(x ~ nothing, zero.method = "Pratt", distribution = "exact")))
    expected$dropped_exact_p <- wilcox.exact(x, exact = TRUE)$p.value
    expected$signs_exact_p <- perm.test(round(x * 10^decimals), paired = FALSE, exact = TRUE)$p.value
  }
  if (small && !tied) {
    w <- wilcox.test(x, exact = TRUE, conf.int = TRUE); wide <- wilcox.test(x, exact = TRUE, conf.int = TRUE, conf.level = 0.9)
    expected$untied <- list(V = unname(w$statistic), p = w$p.value, estimate = unname(w$estimate), ci_low = w$conf.int[1], ci_high = w$conf.int[2],
      ci90_low = wide$conf.int[1], ci90_high = wide$conf.int[2])
  }
  if (!is.null(k)) expected$classes <- classes(x, k)
  if (!is.null(above)) expected$shares <- shares(one > above, two > above)
  list(id = id, data = data, spec = "Last minus first, rounded to the decimals of the scores. Zeros ranked (Pratt) or dropped; signs: permutation of the sum; superiority: share that rose, ties half, logit, t(n - 1); classes: CR2 of a constant.",
    r_call = "coin::wilcoxsign_test; exactRankTests::wilcox.exact, perm.test; wilcox.test; cor.test; clubSandwich::coef_test(lm(d ~ 1), 'CR2'); prop.test for Wilson's limits",
    args = list(first = first, last = last, rows = rows, cluster = cluster, above = above), expected = expected,
    tol = list(rel = 1e-9, abs = 1e-12))
}
cases <- list(
  case("sleep.waves", "sleep_wide.csv", "drug1", "drug2", above = 1, decimals = 1),
  case("baumann1.waves", "baumann.csv", "pre1", "post1", cluster = "group", above = 8, decimals = 0),
  case("baumann3.waves", "baumann.csv", "pre2", "post2", rows = 22, above = 6, decimals = 0),
  case("obrienkaiser.waves", "obrienkaiser.csv", "pre", "fup", cluster = "treatment", above = 5, decimals = 0),
  case("mtcars.waves", "mtcars.csv", "mpg", "qsec", rows = 14, cluster = "carb", decimals = 2),
  case("mtcars_short.waves", "mtcars.csv", "wt", "drat", rows = 8, decimals = 3),
  case("sat_act.waves", "sat_act.csv", "SATV", "SATQ", cluster = "education", above = 600, decimals = 0))
out <- list(group = "24_two_waves", set = "reference", r = R.version.string, n_cases = length(cases), cases = cases)
writeLines(json(out), file.path("cases", "24_two_waves.json"))
