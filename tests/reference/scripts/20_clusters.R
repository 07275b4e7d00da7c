# Reference numbers of groups whose students share classes: CR2 with Satterthwaite df, and HTZ, by clubSandwich.
# Run in the folder that holds data/ and cases/: Rscript scripts/20_clusters.R
suppressPackageStartupMessages(library(clubSandwich))
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
numbers <- function(model, cluster, exponent) {
  v <- vcovCR(model, cluster = cluster, type = "CR2")
  rows <- coef_test(model, vcov = v, test = "Satterthwaite")
  limits <- conf_int(model, vcov = v, level = 0.95, test = "Satterthwaite")
  lapply(seq_along(coef(model))[-1], function(i) list(
    estimate = if (exponent) exp(rows$beta[i]) else rows$beta[i], se = rows$SE[i], t = rows$tstat[i], df = rows$df_Satt[i],
    p = rows$p_Satt[i],
    ci_low = if (exponent) exp(limits$CI_L[i]) else limits$CI_L[i],
    ci_high = if (exponent) exp(limits$CI_U[i]) else limits$CI_U[i]))
}
wald <- function(model, cluster) {
  found <- Wald_test(model, constraints = constrain_zero(2:length(coef(model))), vcov = "CR2", cluster = cluster, test = "HTZ")
  list(F = found$Fstat, df1 = found$df_num, df2 = found$df_denom, p = found$p_val)
}
case <- function(id, data, y, arm, cluster, levels, above = NULL, exposure = NULL, count = FALSE) {
  d <- read.csv(file.path("data", data), colClasses = "character")
  value <- as.numeric(d[[y]]); if (!is.null(above)) value <- as.numeric(value > above)
  g <- factor(apply(d[arm], 1, paste, collapse = " "), levels = levels)
  t <- if (is.null(exposure)) rep(1, nrow(d)) else as.numeric(d[[exposure]])
  k <- factor(d[[cluster]])
  expected <- list(n_clusters = nlevels(k), n = nrow(d))
  if (is.null(exposure)) {
    model <- lm(value ~ g)
    expected$difference <- numbers(model, k, FALSE)
    expected$wald <- wald(model, k)
  }
  tight <- list(epsilon = 1e-14, maxit = 100)
  if (count || !is.null(above))
    expected$log_ratio <- numbers(glm(value ~ g + offset(log(t)), family = poisson, control = tight), k, TRUE)
  if (!is.null(above)) expected$odds_ratio <- numbers(glm(value ~ g, family = binomial, control = tight), k, TRUE)
  list(id = id, data = data,
    spec = "Each group minus the first (or divided by it): CR2, Satterthwaite df; wald: all groups equal, HTZ.",
    r_call = paste0("clubSandwich::coef_test(m, vcovCR(m, cluster, 'CR2'), test='Satterthwaite'); Wald_test(test='HTZ'); ",
      "difference, wald: m = lm(y ~ g); log_ratio: glm(y ~ g, poisson, offset(log(exposure))); odds_ratio: glm(y ~ g, binomial)"),
    args = list(outcome = y, above = above, exposure = exposure, group = as.list(arm), levels = as.list(levels), cluster = cluster),
    expected = expected, tol = list(rel = 1e-7, abs = 1e-12))
}
# 0 and 1 as the outcome of a Poisson model is meant: its coefficient is the log of the risk ratio.
school <- c("Public Male", "Public Female", "Catholic Male", "Catholic Female")
cases <- list(
  case("math_sector.classes", "mathachieve.csv", "MathAch", "Sector", "School", c("Public", "Catholic")),
  case("math_sector_above.classes", "mathachieve.csv", "MathAch", "Sector", "School", c("Public", "Catholic"), above = 13),
  case("math_minority.classes", "mathachieve.csv", "MathAch", "Minority", "School", c("No", "Yes")),
  case("math_minority_above.classes", "mathachieve.csv", "MathAch", "Minority", "School", c("No", "Yes"), above = 13),
  case("math_four.classes", "mathachieve.csv", "MathAch", c("Sector", "Sex"), "School", school, above = 13),
  case("mtcars_am.classes", "mtcars.csv", "mpg", "am", "carb", c("0", "1")),
  case("mtcars_cyl.classes", "mtcars.csv", "mpg", "cyl", "carb", c("4", "6", "8")),
  case("mtcars_am_above.classes", "mtcars.csv", "mpg", "am", "carb", c("0", "1"), above = 18),
  case("mtcars_gear.classes", "mtcars.csv", "hp", "am", "gear", c("0", "1"), count = TRUE),
  case("mtcars_cyl_count.classes", "mtcars.csv", "hp", "cyl", "carb", c("4", "6", "8"), count = TRUE),
  case("mtcars_cyl_rate.classes", "mtcars.csv", "hp", "cyl", "carb", c("4", "6", "8"), exposure = "wt", count = TRUE))
out <- list(group = "20_clusters", set = "reference", r = R.version.string, n_cases = length(cases), cases = cases)
writeLines(json(out), file.path("cases", "20_clusters.json"))
