# Reference numbers of adjusted comparisons: HC2 and HC3 (sandwich), CR2, Bell-McCaffrey and HTZ (clubSandwich),
# adjusted means (emmeans). Run in the folder that holds data/ and cases/: Rscript scripts/25_adjusted.R
suppressPackageStartupMessages({library(sandwich); library(clubSandwich); library(emmeans)})
json <- function(x) {
  if (is.null(x)) return("null")
  if (is.list(x)) {
    inner <- vapply(x, json, "")
    if (is.null(names(x))) return(paste0("[", paste(inner, collapse = ", "), "]"))
    return(paste0("{", paste0("\"", names(x), "\": ", inner, collapse = ",\n "), "}"))
  }
  if (is.character(x)) return(paste0("\"", x, "\""))
  if (is.logical(x) && !is.na(x)) return(tolower(as.character(x)))
  if (is.na(x)) "null" else formatC(x, digits = 17, format = "g")
}
row_of <- function(b, se, df) {
  half <- qt(0.975, df) * se
  list(estimate = b, se = se, t = b / se, df = df, p = 2 * pt(-abs(b / se), df), ci_low = b - half, ci_high = b + half)
}
satterthwaite <- function(m, v) {
  rows <- coef_test(m, vcov = v, test = "Satterthwaite")
  setNames(lapply(seq_along(coef(m)), function(i) row_of(rows$beta[i], rows$SE[i], rows$df_Satt[i])), names(coef(m)))
}
case <- function(id, data, y, arm, focal, covariates, cluster = NULL, above = NULL, target = "members", interactions = TRUE) {
  d <- read.csv(file.path("data", data), colClasses = "character")
  d <- d[complete.cases(replace(d, d == "", NA)[c(y, arm, covariates, cluster)]), ]
  outcome <- as.numeric(d[[y]]); if (!is.null(above)) outcome <- as.numeric(outcome > above)
  member <- as.numeric(d[[arm]] == focal)
  numeric <- function(x) if (all(grepl("^[-0-9.eE+]+$", x))) as.numeric(x) else as.numeric(x == sort(unique(x))[2])
  x <- sapply(d[covariates], numeric)
  colnames(x) <- covariates
  inside <- if (target == "members") member == 1 else rep(TRUE, nrow(d))
  centre <- colMeans(x[inside, , drop = FALSE])
  frame <- data.frame(outcome = outcome, member = member, sweep(x, 2, centre))
  right <- if (interactions) paste0("member * (", paste(covariates, collapse = " + "), ")") else paste(c("member", covariates), collapse = " + ")
  # member before the covariates, products last, as model.matrix orders them
  m <- lm(as.formula(paste("outcome ~", right)), frame)
  term <- names(coef(m)); products <- grep(":", term)
  slopes <- coef(m)[products]
  own <- factor(seq_len(nrow(frame)))
  hc3 <- vcovHC(m, type = "HC3"); hc2 <- vcovCR(m, cluster = own, type = "CR2")
  s <- cov(x[inside, , drop = FALSE])
  sampling <- if (interactions) drop(t(slopes) %*% s %*% slopes) / sum(inside) else 0
  df <- df.residual(m)
  expected <- list(n = nrow(frame),
    difference = row_of(unname(coef(m)["member"]), sqrt(hc3["member", "member"] + sampling), df),
    sampling_error = sqrt(sampling),
    hc3 = setNames(lapply(seq_along(term), function(i) row_of(unname(coef(m)[i]), sqrt(hc3[i, i]), df)), term),
    hc2 = if (nrow(frame) <= 700) satterthwaite(m, hc2) else NULL)
  at <- function(point, v, df) {
    grid <- as.list(point - centre)
    e <- summary(emmeans(m, "member", at = c(list(member = c(0, 1)), grid), vcov. = v, weights = "equal"))
    lapply(1:2, function(i) row_of(e$emmean[i], e$SE[i], df))
  }
  expected$adjusted_means <- list(members = at(colMeans(x[member == 1, , drop = FALSE]), hc3, df), all = at(colMeans(x), hc3, df))
  if (interactions) {
    f <- drop(t(slopes) %*% solve(hc3[products, products, drop = FALSE]) %*% slopes) / length(products)
    expected$slopes_hc3 <- list(F = f, df1 = length(products), df2 = df, p = pf(f, length(products), df, lower.tail = FALSE))
  }
  if (!is.null(cluster)) {
    v <- vcovCR(m, cluster = factor(d[[cluster]]), type = "CR2")
    expected$cr2 <- satterthwaite(m, v)
    if (interactions) {
      w <- Wald_test(m, constraints = constrain_zero(products), vcov = v, test = "HTZ")
      expected$slopes_cr2 <- list(F = w$Fstat, df1 = w$df_num, df2 = w$df_denom, p = w$p_val)
    }
  }
  list(id = id, data = data,
    spec = paste("outcome ~ member * covariates, covariates centred at the means of the target: HC3 with t(n - p), plus",
      "g'Sg/n for the difference (g slopes of the products, S covariance and n number of the target); HC2 with",
      "Bell-McCaffrey df (each student a cluster); CR2 with Satterthwaite df; adjusted means with HC3; slopes: Wald F, HTZ."),
    r_call = "sandwich::vcovHC(m, 'HC3'); clubSandwich::coef_test(m, vcovCR(m, cluster, 'CR2'), test='Satterthwaite'); Wald_test(test='HTZ'); emmeans(m, 'member', vcov.=)",
    args = list(outcome = y, above = above, group = arm, focal = focal, covariates = as.list(covariates), cluster = cluster,
      target = target, interactions = interactions),
    expected = expected, tol = list(rel = 1e-9, abs = 1e-12, keys = list(hc2 = list(rel = 1e-8, abs = 1e-12), cr2 = list(rel = 1e-8, abs = 1e-12), slopes_cr2 = list(rel = 1e-7, abs = 1e-12))))
}
cases <- list(
  case("lalonde_members.adjusted", "lalonde.csv", "re78", "treat", "1", c("age", "educ", "re75")),
  case("lalonde_all.adjusted", "lalonde.csv", "re78", "treat", "1", c("age", "educ", "re75", "married"), target = "all"),
  case("lalonde_common.adjusted", "lalonde.csv", "re78", "treat", "1", c("age", "educ", "re75"), interactions = FALSE),
  case("cps_wage.adjusted", "cps_union.csv", "wage", "union", "yes", c("education", "experience", "gender")),
  case("math_sector.adjusted", "mathachieve.csv", "MathAch", "Sector", "Catholic", c("SES", "Sex"), cluster = "School"),
  case("math_minority.adjusted", "mathachieve.csv", "MathAch", "Minority", "Yes", c("SES", "Sex"), cluster = "School", target = "all"),
  case("math_above.adjusted", "mathachieve.csv", "MathAch", "Minority", "Yes", "Sex", cluster = "School", above = 13),
  case("mtcars_am.adjusted", "mtcars.csv", "mpg", "am", "1", c("wt", "hp"), cluster = "carb"),
  case("mtcars_common.adjusted", "mtcars.csv", "mpg", "am", "1", c("wt", "hp"), cluster = "carb", interactions = FALSE))
out <- list(group = "25_adjusted", set = "reference", r = R.version.string, n_cases = length(cases), cases = cases)
writeLines(json(out), file.path("cases", "25_adjusted.json"))
