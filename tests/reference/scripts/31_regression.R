# Reference numbers of ordinary regression: Type II and III tables, also with HC3 (car), adjusted means with HC3
# (emmeans, sandwich), DFBETA and DFBETAS. Run in the folder that holds data/ and cases/: Rscript scripts/31_regression.R
suppressPackageStartupMessages({library(car); library(sandwich); library(emmeans); library(jsonlite)})
rows <- function(a) {
  f <- grep("^F", names(a)); p <- grep("^Pr", names(a)); kept <- rownames(a) != "Residuals"
  setNames(lapply(which(kept), function(i) {
    own <- list(df = a$Df[i], F = a[[f]][i], p = a[[p]][i])
    if ("Sum Sq" %in% names(a)) c(list(ss = a[["Sum Sq"]][i]), own) else own
  }), rownames(a)[kept])
}
means <- function(m, spec, weights) {
  v <- vcovHC(m, type = "HC3"); e <- emmeans(m, spec, weights = weights, vcov. = v)
  s <- summary(e); d <- summary(pairs(e, reverse = TRUE), adjust = "none", infer = TRUE)
  t <- summary(pairs(e, reverse = TRUE), adjust = "tukey", infer = TRUE)
  list(means = setNames(lapply(seq_len(nrow(s)), function(i)
         list(mean = s$emmean[i], se = s$SE[i], df = s$df[i], ci_low = s$lower.CL[i], ci_high = s$upper.CL[i])), s[[1]]),
       differences = setNames(lapply(seq_len(nrow(d)), function(i)
         list(estimate = d$estimate[i], se = d$SE[i], t = d$t.ratio[i], p = d$p.value[i], ci_low = d$lower.CL[i],
              ci_high = d$upper.CL[i], p_tukey = t$p.value[i], low_tukey = t$lower.CL[i], high_tukey = t$upper.CL[i])),
         as.character(d$contrast)))
}
case <- function(id, data, outcome, terms, factor, moved) {
  d <- read.csv(file.path("data", data)); f <- reformulate(terms, outcome)
  options(contrasts = c("contr.treatment", "contr.poly")); m <- eval(bquote(lm(.(f), d)))
  move <- dfbeta(m)[, moved]; moves <- dfbetas(m)[, moved]; top <- order(-abs(move))[1:5]
  expected <- list(type2 = rows(Anova(m, type = 2)), type2_hc3 = rows(Anova(m, type = 2, white.adjust = "hc3")),
    equal = means(m, factor, "equal"), proportional = means(m, factor, "proportional"),
    dfbeta = list(rows = top, values = unname(move[top]), standardised = unname(moves[top]), sum_of_squares = sum(moves^2)))
  options(contrasts = c("contr.sum", "contr.poly")); s <- eval(bquote(lm(.(f), d)))
  expected$type3 <- rows(Anova(s, type = 3)); expected$type3_hc3 <- rows(Anova(s, type = 3, white.adjust = "hc3"))
  list(id = id, data = data, spec = paste(deparse(f), collapse = " "),
       r_call = "car::Anova; emmeans(vcov. = vcovHC(m, \"HC3\")); dfbeta; dfbetas",
       args = list(outcome = outcome, terms = terms, factor = factor, moved = moved), expected = expected,
       tol = list(rel = 1e-8, abs = 1e-10, keys = list(p_tukey = list(rel = 1e-4, abs = 1e-6),
         low_tukey = list(rel = 1e-5, abs = 1e-6), high_tukey = list(rel = 1e-5, abs = 1e-6))))
}
cases <- list(
  case("salaries_crossed", "salaries.csv", "salary", c("sex", "rank", "sex:rank", "discipline", "yrs.service", "discipline:yrs.service"), "rank", "sexMale"),
  case("cps_crossed", "cps_union.csv", "wage", c("union", "gender", "sector", "education", "union:education", "union:gender"), "union", "unionyes"),
  case("quine_crossed", "quine.csv", "Days", c("Eth", "Sex", "Age", "Lrn", "Sex:Age", "Eth:Sex"), "Sex", "EthN"))
out <- list(group = "31_regression", set = "reference", r = R.version.string, n_cases = length(cases), cases = cases)
writeLines(toJSON(out, auto_unbox = TRUE, digits = NA, pretty = TRUE), "cases/31_regression.json")
